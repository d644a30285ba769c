from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from receipts.signing.envelope import Sealed, read_seal
from receipts.signing.loops import beside_any_loop

logger = logging.getLogger(__name__)


class Verdict(Enum):
    GENUINE = "genuine"
    CHANGED = "changed"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"
    """Ours and unchanged, but the register doesn't stand by it: said by the register, never by the file alone."""


@dataclass(frozen=True)
class Verification:
    verdict: Verdict
    signed_at: datetime | None = None
    signer: str = ""


SEALED: Final = {
    Sealed.NOT_A_PDF: Verdict.UNREADABLE,
    Sealed.UNSIGNED: Verdict.NOT_OURS,
    Sealed.FOREIGN: Verdict.NOT_OURS,
    Sealed.BROKEN: Verdict.CHANGED,
    Sealed.EXTENDED: Verdict.CHANGED,
}


@lru_cache(maxsize=4)
def load_roots(path: Path) -> tuple[x509.Certificate, ...]:
    """Every root that ever certified a key of ours: papers signed under an older one stay genuine."""
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def verify(pdf: bytes, *, roots: Sequence[x509.Certificate], at: datetime) -> Verification:
    """
    What the file says by itself: whether the city signed it and every byte is still as signed.

    The certificate has to be valid at the time that the signature states (and that time must not lie after `at`):
    papers outlive certificates. A stolen key could state an older time, so a page also asks the register.
    """
    sealed = read_seal(pdf, roots=roots)
    if sealed is not Sealed.WHOLE:
        return Verification(SEALED[sealed])
    try:
        return _validate(pdf, roots, at)
    except Exception as error:  # a stranger decides which of its many errors pyHanko raises
        logger.warning("a file with our seal could not be validated: %s", type(error).__name__)
        return Verification(Verdict.CHANGED)


def _validate(pdf: bytes, roots: Sequence[x509.Certificate], at: datetime) -> Verification:
    # Loaded with the first file that has our seal: a fifth of the time that a face needs to start.
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    stated = signature.self_reported_timestamp
    if stated is None or stated > at:
        return Verification(Verdict.CHANGED)
    trusted = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in roots]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=stated)
    status = beside_any_loop(lambda: validate_pdf_signature(signature, context))
    sound = (
        status.bottom_line
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and status.docmdp_ok
        and signature.docmdp_level is MDPPerm.NO_CHANGES
        and signature.signed_revision == signature.reader.xrefs.total_revisions - 1
    )
    signer = str(signature.signer_cert.subject.human_friendly)
    return Verification(Verdict.GENUINE if sound else Verdict.CHANGED, signed_at=stated, signer=signer)
