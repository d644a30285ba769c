"""`manage.py relay`: moves events from the outbox to the workers until it is told to stop."""

from __future__ import annotations

import signal
import threading

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerError

from core import clock, outbox
from core.tasks import deliver

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Hand events to Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pause", type=float, default=0.2, help="seconds between two looks at an idle outbox")
        parser.add_argument("--once", action="store_true", help="stop when nothing is left to hand over")

    def handle(self, *args: object, **options: object) -> None:
        stop = threading.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, lambda *_: stop.set())
        while not stop.is_set():
            moved = self._turn()
            if options["once"] and not moved:
                return
            if not moved:
                stop.wait(float(str(options["pause"])))

    def _turn(self) -> int:
        try:
            moved = outbox.fan_out(at=clock.now())
            claimed = outbox.claim_due(at=clock.now())
            for delivery_id in claimed:
                deliver.delay(delivery_id)
        except (OperationalError, BrokerError) as error:
            # The database or the broker is away: what was claimed is due again in half a minute.
            log.warning("relay.waiting", reason=type(error).__name__)
            connection.close()
            return 0
        return moved + len(claimed)
