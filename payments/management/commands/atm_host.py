"""`manage.py atm_host`: the host that banks' cash machines talk to, until it is told to stop."""

from __future__ import annotations

import asyncio
import resource
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from payments.atm.banks import codec
from payments.atm.books import let_go, teller_with
from payments.atm.host import Host
from payments.atm.hours import ALWAYS, Hours, hours_of_the_city


class Command(BaseCommand):
    help = "Serve banks' cash machines (docs/protocols/atm.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8583, help="0 takes a free one")
        parser.add_argument("--threads", type=int, default=8, help="connections to the database")
        parser.add_argument(
            "--always-open", action="store_true", help="whatever the city pack's hours (tests, sandboxes)"
        )

    def handle(self, *args: object, **options: Any) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        hours = ALWAYS if options["always_open"] else hours_of_the_city()
        asyncio.run(self._serve(options["host"], options["port"], options["threads"], hours))

    async def _serve(self, host: str, port: int, threads: int, hours: Hours) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        with ThreadPoolExecutor(threads, thread_name_prefix="atm") as pool:
            served = Host(codec=codec(), teller=teller_with(hours), pool=pool)
            server = await served.listen(host=host, port=port)
            self.stdout.write(f"ready {host}:{server.sockets[0].getsockname()[1]}")
            self.stdout.flush()
            await stop.wait()
            server.close()
            await served.close()
            let_go(pool, threads=threads)
