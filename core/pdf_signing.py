"""Signatures inside PDF files (PAdES, ETSI EN 319 142-1, level B-B), by a key from a file or from a PKCS#11 token."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"
FIELD = "Signature"
SPARE = 64  # bytes
LONGEST_NAME = 200


class SigningKeyError(RuntimeError):
    """The key cannot be had, or its certificate is not in force: better no file than one without its signature."""


class HeldKeySigner(signers.Signer):
    """A signer that keeps its opened key; the library's own opens and checks it again for every signature."""

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate],
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(_as_asn1(other) for other in others)
        super().__init__(signing_cert=_as_asn1(certificate), cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature of the bytes."""
        if digest_algorithm != DIGEST:
            raise SigningKeyError(f"signatures are made with {DIGEST}, not with {digest_algorithm}")
        digest = hashes.SHA256()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


@dataclass
class SigningKey:
    """A key ready to sign: whose it is (common name of its certificate) and when it is in force."""

    signer: signers.Signer
    subject: str
    valid_from: datetime
    valid_until: datetime
    # Hexadecimal digits kept free for a signature; the library would sign twice each time to find out.
    _room: int | None = field(default=None, repr=False)

    def sign(self, content: bytes, *, at: datetime) -> bytes:
        """The PDF with an invisible signature over all of it, as one more revision; nothing of the file is rewritten.

        Raises SigningKeyError when the certificate is not in force at that moment.
        """
        if not self.valid_from <= at <= self.valid_until:
            raise SigningKeyError(f"the certificate is in force from {self.valid_from} to {self.valid_until}")
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=DIGEST, subfilter=fields.SigSeedSubFilter.PADES
        )
        signed = io.BytesIO()
        signers.PdfSigner(metadata, self.signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(content)), output=signed, bytes_reserved=self._room
        )
        if self._room is None:
            self._room = _room_for(signed)
        return signed.getvalue()


def _room_for(signed: io.BytesIO) -> int:
    """Digits that signatures like this file's need: elliptic-curve ones differ by some bytes."""
    signature = PdfFileReader(signed).embedded_signatures[0]
    return 2 * (len(signature.signed_data.dump()) + SPARE)


def open_key(address: str, password: str) -> SigningKey:
    """The key at an address: a path to a PKCS#12 file, or a PKCS#11 URI (RFC 7512) with `module-path`.

    `password` opens the file, or is the token's PIN. The certificate of a token's key has the key's label
    (`pkcs11:token=…;object=…?module-path=…`). Raises SigningKeyError, without the password, when there is no such key.
    """
    try:
        return _from_token(address, password) if address.startswith("pkcs11:") else _from_file(address, password)
    except SigningKeyError:
        raise
    except Exception as error:  # every library below has its own
        raise SigningKeyError(f"the key for signatures cannot be opened: {type(error).__name__}") from error


def _from_file(path: str, password: str) -> SigningKey:
    key, certificate, others = pkcs12.load_key_and_certificates(Path(path).read_bytes(), password.encode() or None)
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SigningKeyError("the file holds no RSA or elliptic-curve key with its certificate")
    return _key(HeldKeySigner(key, certificate, others), certificate)


def _from_token(uri: str, pin: str) -> SigningKey:
    parts = urlsplit(uri)
    named = dict(part.partition("=")[::2] for part in parts.path.split(";"))
    module = parse_qs(parts.query).get("module-path", [""])[0]
    if not (module and "token" in named and "object" in named):
        raise SigningKeyError("the address of a token names token, object and module-path")
    token = TokenCriteria(label=unquote(named["token"]))
    session = open_pkcs11_session(module, token_criteria=token, user_pin=pin)
    label = unquote(named["object"])
    signer = PKCS11Signer(session, cert_label=label, key_label=label, bulk_fetch=False)
    return _key(signer, x509.load_der_x509_certificate(signer.signing_cert.dump()))


def _key(signer: signers.Signer, certificate: x509.Certificate) -> SigningKey:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return SigningKey(
        signer=signer,
        subject=str(names[0].value if names else certificate.subject.rfc4514_string())[:LONGEST_NAME],
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
