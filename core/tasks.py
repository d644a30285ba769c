from __future__ import annotations

from celery import shared_task

from core import clock, log, outbox


@shared_task(name="core.deliver", ignore_result=True)
def deliver(delivery_id: int) -> None:
    """Run one handler for one event; a failure is noted and the delivery stays due."""
    try:
        outbox.deliver(delivery_id=delivery_id)
    except Exception as error:
        outbox.note_failure(delivery_id=delivery_id, error=error)
        raise


@shared_task(name="core.seal_log", ignore_result=True)
def seal_log() -> None:
    """Seal what was appended to the log since the last run."""
    while log.seal(at=clock.now()) == 10_000:
        pass


@shared_task(name="core.close_windows", ignore_result=True)
def close_windows() -> None:
    """Seal what was written into the books and the audit trail since the last run."""
    log.close_all_windows(at=clock.now())
