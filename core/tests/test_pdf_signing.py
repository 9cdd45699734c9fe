"""Signatures in PDF files, looked at by poppler and by the archive's rules as well."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from django.core.management import call_command
from pkcs11 import Attribute, CertificateType, ObjectClass

from core import pdf
from core.pdf_signing import SigningKeyError, open_key
from core.tests import archival

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 10, 2, 9, tzinfo=UTC)
SUBJECT = "Институт мөрі"
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    stylesheet = tmp_path_factory.mktemp("paper") / "paper.css"
    stylesheet.write_text('html { font-family: "Course Sans" }')
    body = "<h1>Сертификат</h1><p>Әсел</p>"
    attached = [pdf.Attached("document.json", b'{"hours": 80}', "Деректер")]
    return pdf.render(body, stylesheets=[stylesheet], language="kk", title="№ 1", attached=attached)


def certified(key):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SUBJECT)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(SINCE).not_valid_after(UNTIL)
    return builder.sign(key, hashes.SHA256())


def made_key(kind):
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)


def key_file(folder, kind="ec", password=b"invented"):
    key = made_key(kind)
    path = folder / f"{kind}.p12"
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(serialize_key_and_certificates(b"seal", key, certified(key), None, encryption))
    return path


def told_by_poppler(content, folder):
    path = folder / "signed.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_signature_is_valid_and_covers_the_whole_file(paper, tmp_path, kind):
    key = open_key(str(key_file(tmp_path, kind)), "invented")
    for _ in range(3):  # the first finds out how much room a signature needs
        signed = key.sign(paper, at=NOW)
        told = told_by_poppler(signed, tmp_path)
        for words in (SUBJECT, "ETSI.CAdES.detached", "Total document signed", "Signature is Valid."):
            assert words in told
    assert key.subject == SUBJECT
    assert signed.startswith(paper)
    assert len(signed) - len(paper) < 6_000
    assert archival.faults(signed) == []


def test_change_of_one_letter_is_seen(paper, tmp_path):
    signed = open_key(str(key_file(tmp_path)), "invented").sign(paper, at=NOW)
    place = paper.rindex(b"/Length")
    changed = signed[:place] + b"/length" + signed[place + 7 :]
    assert "Signature is Valid." not in told_by_poppler(changed, tmp_path)
    assert "Signature is Valid." in told_by_poppler(signed, tmp_path)


def test_unsigned_file_is_not_said_to_be_signed(paper, tmp_path):
    assert "Signature" not in told_by_poppler(paper, tmp_path)


@pytest.mark.parametrize("at", [SINCE - timedelta(seconds=1), UNTIL + timedelta(seconds=1)])
def test_certificate_out_of_date_signs_nothing(paper, tmp_path, at):
    key = open_key(str(key_file(tmp_path)), "invented")
    with pytest.raises(SigningKeyError, match="in force"):
        key.sign(paper, at=at)
    assert key.sign(paper, at=SINCE)


def test_key_that_cannot_be_opened_is_an_error_without_the_password(tmp_path):
    path = key_file(tmp_path)
    broken = tmp_path / "broken.p12"
    broken.write_bytes(b"no key")
    for address, password in ((path, "wrong-word"), (tmp_path / "none.p12", "wrong-word"), (broken, "wrong-word")):
        with pytest.raises(SigningKeyError) as refused:
            open_key(str(address), password)
        assert "wrong-word" not in str(refused.value)
    with pytest.raises(SigningKeyError, match="names token"):
        open_key("pkcs11:object=seal", "1234")


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A token of SoftHSM with a key and its certificate; the address of the key."""
    configuration = tmp_path / "softhsm2.conf"
    (tmp_path / "tokens").mkdir()
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    tool = shutil.which("softhsm2-util")
    assert tool, "softhsm2-util is missing: apt-get install softhsm2"
    subprocess.run(
        [tool, "--init-token", "--free", "--label", "seal", "--so-pin", "5678", "--pin", "1234"],
        check=True,
        capture_output=True,
    )
    key = made_key("rsa")
    pem = tmp_path / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    put = ["--import", str(pem), "--token", "seal", "--label", "head", "--id", "01", "--pin", "1234"]
    subprocess.run([tool, *put], check=True, capture_output=True)
    library = pkcs11.lib(SOFTHSM)
    library.reinitialize()  # another test's token may be open in this process
    with library.get_token(token_label="seal").open(rw=True, user_pin="1234") as session:
        certificate = certified(key)
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: "head",
                Attribute.ID: b"\x01",
                Attribute.SUBJECT: certificate.subject.public_bytes(),
                Attribute.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )
    return f"pkcs11:token=seal;object=head?module-path={SOFTHSM}"


def test_key_on_a_token_signs(paper, tmp_path, token):
    assert Path(SOFTHSM).is_file()
    key = open_key(token, "1234")
    assert key.subject == SUBJECT
    told = told_by_poppler(key.sign(paper, at=NOW), tmp_path)
    assert "Signature is Valid." in told
    with pytest.raises(SigningKeyError):
        open_key(token.replace("object=head", "object=nobody"), "1234")
