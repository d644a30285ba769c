from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core import log, outbox, states
from receipts import events
from receipts.models import Document, DocumentContent
from receipts.rendering import fonts
from receipts.rendering.kinds import PAPERS
from receipts.rendering.letterhead import Letterhead
from receipts.rendering.paper import Issue
from receipts.signing.signer import Signer
from receipts.states import TRANSITIONS, Status


def issue_document(*, document_id: int, at: datetime) -> None:
    """
    Draw, sign and store a requested document. Done again it does nothing: what was handed out stays.

    The file, its hash in the register and the leaf in the log commit together or not at all.
    """
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=document_id)
        if document.status != Status.REQUESTED:
            return
        pdf = the_signer().sign(pdf=_draw(document), reason=PAPERS[document.kind].reason, at=at)
        digest = hashlib.sha256(pdf).digest()
        DocumentContent.objects.create(document=document, pdf=pdf)
        states.move(
            Document,
            document.pk,
            transitions=TRANSITIONS,
            old=Status.REQUESTED,
            new=Status.READY,
            sha256=digest,
            ready_at=at,
        )
        leaf = {"number": document.number, "kind": document.kind, "sha256": digest.hex()}
        log.append_leaf(kind="document", reference=document.number, content=leaf)
        outbox.publish(events.DOCUMENT_READY, document_id=document.pk, reference=document.reference, kind=document.kind)


def _draw(document: Document) -> bytes:
    fonts.register(settings.DOCUMENT_FONTS)
    issue = Issue(
        number=document.number,
        issued_at=document.requested_at,
        verify_url=f"{settings.PUBLIC_URL.rstrip('/')}/receipts/verify/{document.number}",
    )
    paper = PAPERS[document.kind]
    return paper.render(facts=paper.read(document.facts), letterhead=letterhead(), issue=issue)


@lru_cache(maxsize=1)
def letterhead() -> Letterhead:
    pack = yaml.safe_load((settings.CITY_PACK / "letterhead.yaml").read_text())
    return Letterhead.read(pack, zone=settings.TIME_ZONE)


@lru_cache(maxsize=1)
def the_signer() -> Signer:
    signer: Signer = import_string(settings.DOCUMENT_SIGNER)()
    return signer
