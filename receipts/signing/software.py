from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import keys, pem, x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from receipts.signing.loops import beside_any_loop
from receipts.signing.signer import UnableToSign

FIELD: Final = "CitySignature"
DIGEST: Final = "sha256"
RESERVED: Final = 8192
"""Hexadecimals kept for the signature: one RSA-3072 signature and its certificate take about 4,000."""


class LoadedKeySigner(signers.SimpleSigner):
    """
    pyHanko's signer with the private key kept as loaded.

    The stock one parses the key again at every signature and thereby checks its primes again. Measured with
    `python -m bench.signing`: see the figures there.
    """

    def __init__(self, *, certificate: x509.Certificate, key: RSAPrivateKey) -> None:
        # Empty: pyHanko adds the signer's own certificate, and verification wants no other.
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        super().__init__(
            signing_cert=certificate,
            signing_key=keys.PrivateKeyInfo({}),
            cert_registry=store,
            embed_roots=False,
        )
        self._key = key

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != DIGEST:
            raise UnableToSign(f"digest {digest_algorithm} instead of {DIGEST}")
        return self._key.sign(data, PKCS1v15(), SHA256())


class SignerAt(signers.PdfSigner):
    """pyHanko's writer with the caller's clock instead of the machine's."""

    def __init__(self, metadata: signers.PdfSignatureMetadata, signer: signers.Signer, *, at: datetime) -> None:
        spec = fields.SigFieldSpec(FIELD, empty_field_appearance=False)
        super().__init__(metadata, signer, new_field_spec=spec)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


@dataclass(frozen=True)
class SoftwareSigner:
    """A `Signer` whose key is in this process's memory."""

    inner: signers.Signer
    place: str = ""

    @classmethod
    def from_files(cls, *, key: Path, certificate: Path, password: str = "", place: str = "") -> SoftwareSigner:
        try:
            loaded = load_pem_private_key(key.read_bytes(), password=password.encode() or None)
            _, _, der = pem.unarmor(certificate.read_bytes())
        except (OSError, ValueError, TypeError) as error:
            raise UnableToSign(f"the signing key at {key} can't be read: run manage.py make_signing_key") from error
        if not isinstance(loaded, RSAPrivateKey) or loaded.key_size < 3072:
            raise UnableToSign("the signing key has to be RSA with 3072 bits or more")
        return cls(inner=LoadedKeySigner(certificate=x509.Certificate.load(der), key=loaded), place=place)

    def sign(self, *, pdf: bytes, reason: str, at: datetime) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            reason=reason,
            location=self.place or None,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
        )
        signer = SignerAt(metadata, self.inner, at=at)
        out, writer = BytesIO(), IncrementalPdfFileWriter(BytesIO(pdf))
        # RESERVED is said beforehand: pyHanko would find it out by signing twice.
        beside_any_loop(lambda: signer.sign_pdf(writer, output=out, bytes_reserved=RESERVED))
        return out.getvalue()


def from_settings() -> SoftwareSigner:
    """The default of `DOCUMENT_SIGNER`."""
    return SoftwareSigner.from_files(
        key=settings.DOCUMENT_KEY, certificate=settings.DOCUMENT_CERTIFICATE, password=settings.DOCUMENT_KEY_PASSWORD
    )
