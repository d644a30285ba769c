from __future__ import annotations

from celery import shared_task

from core import clock
from payments import services
from payments.reconcile.compare import reconcile_recent
from payments.reconcile.remit import remit
from payments.services.debits.run import ROUNDS_OF_A_JOB


@shared_task(name="payments.sweep", ignore_result=True)
def sweep_payments() -> None:
    """Ask about everything that waits for an answer."""
    services.sweep(at=clock.now())


@shared_task(name="payments.ask", ignore_result=True)
def ask_about(attempt_id: int) -> None:
    """Ask about one attempt now."""
    services.resolve_attempt(attempt_id=attempt_id, at=clock.now())


@shared_task(name="payments.run_debits", ignore_result=True)
def run_debits() -> None:
    """Ask the banks about mandates, debit what is due, and send what is to be told about it."""
    services.run_debits(at=clock.now(), make=False, rounds=ROUNDS_OF_A_JOB)
    services.send_letters(at=clock.now())


@shared_task(name="payments.make_debits", ignore_result=True)
def make_debits() -> None:
    """Write down what falls due today by mandate, and what was debited after all; the next run debits."""
    services.run_debits(at=clock.now(), rounds=0)


@shared_task(name="payments.resolve_mandates", ignore_result=True)
def resolve_mandates() -> None:
    """Ask the banks about mandates that wait for them, and send what is to be told."""
    services.resolve_mandates_due(at=clock.now())
    services.send_letters(at=clock.now())


@shared_task(name="payments.post_bank_files", ignore_result=True)
def post_bank_files() -> None:
    """Fetch what banks dropped; read and post every file that waits, also one whose worker died over it."""
    services.collect_bank_files(at=clock.now())
    services.post_bank_files(at=clock.now())


@shared_task(name="payments.reconcile", ignore_result=True)
def close_days() -> None:
    """Compare the last business days, so that what came late closes its differences."""
    reconcile_recent(at=clock.now())


@shared_task(name="payments.send_transfers", ignore_result=True)
def send_transfers() -> None:
    """Order what is to be passed on, write the day's file; give the bank what was released, and what it left open."""
    remit(at=clock.now())
    services.send_transfers(at=clock.now())
