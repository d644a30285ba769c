"""What this app tells and hears: ids only, no personal data."""

from __future__ import annotations

from typing import Final

DOCUMENT_REQUESTED: Final = "receipts.document_requested.v1"
"""{"document_id"}: a document is to be drawn and signed. Published by `receipts_request_document`."""

DOCUMENT_READY: Final = "receipts.document_ready.v1"
"""{"document_id", "reference", "kind"}: the signed file is in the register."""

DOCUMENT_ANNULLED: Final = "receipts.document_annulled.v1"
"""{"document_id"}: the money that it certifies was taken back. Published by `receipts_annul`."""

DOCUMENT_WITHDRAWN: Final = "receipts.document_withdrawn.v1"
"""{"document_id", "reference", "kind"}: the register no longer stands by it."""
