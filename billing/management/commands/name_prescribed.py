from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from billing.services import name_prescribed
from core import clock


class Command(BaseCommand):
    help = "Name claims that may be prescribed (5 years, 10 from 50,000,000 won); an officer confirms each."

    def handle(self, *args: Any, **options: Any) -> None:
        found = name_prescribed(at=clock.now())
        self.stdout.write(f"{len(found)} claims wait for an officer")
