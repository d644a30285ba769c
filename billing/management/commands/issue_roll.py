"""`manage.py issue_roll 5 --processes 2`: issue an approved roll from a terminal, with a bar that says how far it is.

Each process takes a district that no other is at, and commits every 20,000 bills. Whatever stops it, the same command
goes on where it was.
"""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing import services
from billing.selectors import issue_progress
from core import clock

WIDTH = 40


class Command(BaseCommand):
    help = "Issue an approved levy roll."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("roll", type=int)
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--chunk", type=int, default=services.CHUNK, help="bills in one commit")

    def handle(self, *, roll: int, processes: int, chunk: int, **options: object) -> None:
        try:
            if processes > 1:
                self._beside_each_other(roll, processes, chunk)
            else:
                services.issue_roll(roll_id=roll, at=clock.now(), most=chunk, on_chunk=partial(self._show, roll))
        except services.RollNotApproved as error:
            raise CommandError(str(error)) from None
        self._show(roll)
        done = issue_progress(roll_id=roll)
        if done.bills < done.rows:
            raise CommandError("Not all bills are issued; start the command again.")

    def _beside_each_other(self, roll: int, processes: int, chunk: int) -> None:
        services.begin_issue(roll_id=roll)
        told = ["--chunk", str(chunk), "--verbosity", "0", "--skip-checks"]  # checked as this process began
        command = [sys.executable, "manage.py", "issue_roll", str(roll), *told]
        running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(processes)]
        while any(one.poll() is None for one in running):
            self._show(roll)
            time.sleep(0.5)
        if all(one.returncode for one in running):
            raise CommandError("No process came to the end; see what they said above.")

    def _show(self, roll: int, _made: int = 0) -> None:
        done = issue_progress(roll_id=roll)
        filled = WIDTH * done.bills // max(done.rows, 1)
        end = "\n" if done.bills == done.rows else ""
        self.stdout.write(
            f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done.bills:,} of {done.rows:,} bills", ending=end
        )
