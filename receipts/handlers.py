from __future__ import annotations

from core import clock
from core.outbox import Event
from receipts.services import issue_document


def render_document(event: Event) -> None:
    """Heard: receipts.document_requested.v1."""
    issue_document(document_id=event.payload["document_id"], at=clock.now())
