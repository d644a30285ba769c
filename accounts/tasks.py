"""Jobs of the worker. Each takes what waits, so that one that was lost is made up for by the next."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task

from accounts.identity.provider import UnableToReachProvider
from accounts.services import cleaning, identity, links
from core import clock


@shared_task(name="accounts.send_links")
def send_links() -> None:
    for request_id in links.links_waiting(at=clock.now()):
        links.send_link(request_id=request_id, at=clock.now())


@shared_task(name="accounts.check_identities")
def check_identities() -> None:
    for return_id in identity.identities_waiting():
        with suppress(UnableToReachProvider):
            identity.check_identity(return_id=return_id, at=clock.now())


@shared_task(name="accounts.forget_the_past")
def forget_the_past() -> None:
    cleaning.forget_the_past(at=clock.now())
