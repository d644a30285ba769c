from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from accounts.vault.sealing import public_key_of
from core import clock


class Command(BaseCommand):
    help = "Print fresh keys of an identity vault for a new installation; nothing is stored."

    def handle(self, *args: Any, **options: Any) -> None:
        private = secrets.token_hex(32)
        name = clock.local_date(clock.now()).isoformat()
        self.stdout.write("# the worker only")
        self.stdout.write(f"ETAX_VAULT_KEYS={name}:{secrets.token_hex(32)}")
        self.stdout.write(f"ETAX_BLIND_INDEX_KEY={secrets.token_hex(32)}")
        self.stdout.write(f"ETAX_VAULT_PRIVATE_KEY={private}")
        self.stdout.write("# every face")
        self.stdout.write(f"ETAX_VAULT_PUBLIC_KEY={public_key_of(private)}")
