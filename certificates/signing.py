"""The institute's electronic signature in the files of its documents: with which key, if with any."""

import contextlib
import os
import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from django.conf import settings
from django.utils import timezone

from core.pdf_signing import SigningKey, open_key

# The signer's name as every reader shows it, so that nobody takes a demonstration for the institute's signature.
DEMO_SUBJECT = "DEMO · no legal force · заңды күші жоқ"
DEMO_DAYS = 3650


def current_key() -> SigningKey | None:
    """The key of SIGNING_KEY; in a demonstration without one, a key of this machine; None: nothing is signed.

    Raises `SigningKeyError` when a key is named and cannot be opened: then no file is made until it can.
    """
    if settings.SIGNING_KEY:
        return _opened(os.getpid(), settings.SIGNING_KEY, settings.SIGNING_PASSWORD)
    if settings.DEMO:
        return _opened(os.getpid(), str(_demo_key()), "")
    return None


@cache
def _opened(process: int, address: str, password: str) -> SigningKey:
    """Opened once per process: a token's session must not be shared with a process that was parted from this one."""
    return open_key(address, password)


def _demo_key() -> Path:
    """The file of the demonstration's key; the first process that asks makes it, whole or not at all."""
    path: Path = settings.VAR / "demo_signing.p12"
    if not path.exists():
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_invented_key())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path


def _invented_key() -> bytes:
    """A key with a certificate that it signed itself, as PKCS#12."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, DEMO_SUBJECT)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    since = timezone.now() - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=DEMO_DAYS))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"demo", key, certificate, None, NoEncryption())
