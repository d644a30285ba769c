"""`manage.py sweep_payments`: asks the gateways about everything whose outcome is not known yet."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from core import clock
from payments import services


class Command(BaseCommand):
    help = "Ask the gateways about payments and notifications that wait for an answer."

    def handle(self, *args: object, **options: object) -> None:
        swept = services.sweep(at=clock.now())
        self.stdout.write(f"asked about {swept.attempts} attempts and {swept.messages} messages, {swept.failed} failed")
