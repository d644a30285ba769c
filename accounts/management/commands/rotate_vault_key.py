from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.vault.records import rewrap_batch


class Command(BaseCommand):
    help = "Wrap every record of the identity vault under the first key of ETAX_VAULT_KEYS. Can be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        while batch := rewrap_batch():
            done += batch
        self.stdout.write(f"{done} records wrapped under the current key")
