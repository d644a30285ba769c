from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts import tasks
from accounts.services.claims import check_claim as decide_claim
from accounts.services.newcomers import open_newcomer as resolve_newcomer
from accounts.services.relatives import find_relative as resolve_relative
from core import clock
from core.outbox import Event

log = structlog.get_logger(__name__)


def send_link(event: Event) -> None:
    """Heard: accounts.link_asked.v1. Mail goes out after the commit; a clock's tick makes up for one that was lost."""
    transaction.on_commit(lambda: _hurry(tasks.send_links))


def check_identity(event: Event) -> None:
    """Heard: accounts.identity_returned.v1. Asks the provider for its keys, so not within this transaction."""
    transaction.on_commit(lambda: _hurry(tasks.check_identities))


def check_claim(event: Event) -> None:
    """Heard: accounts.claim_asked.v1."""
    decide_claim(claim_id=event.payload["claim_id"], at=clock.now())


def find_relative(event: Event) -> None:
    """Heard: accounts.relative_declared.v1."""
    resolve_relative(relative_id=event.payload["relative_id"])


def open_newcomer(event: Event) -> None:
    """Heard: accounts.newcomer_recorded.v1."""
    resolve_newcomer(newcomer_id=event.payload["newcomer_id"], at=clock.now())


def _hurry(task: Any) -> None:
    """The rows say what waits; a message to a worker only makes it sooner."""
    try:
        task.delay()
    except OperationalError:
        log.warning("accounts.broker_away")
