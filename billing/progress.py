"""A bar in a terminal that shows how far a long job is; where nobody looks, a line now and then."""

from __future__ import annotations

import time
from typing import Final, TextIO

WIDTH: Final = 30
# Seconds between two pictures of the bar, and between two lines in a file.
MOVING: Final = 0.1
WRITTEN: Final = 10.0


def picture(done: int, of: int) -> str:
    """
    >>> picture(15, 60)
    '[#######.......................]  25 %      15 of 60'
    """
    share = min(done / of, 1.0) if of else 0.0
    filled = int(WIDTH * share)
    return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {100 * share:3.0f} % {done:>7} of {of}"


class Bar:
    """Shows progress on `out`; `quiet` shows nothing."""

    def __init__(self, out: TextIO, *, quiet: bool = False) -> None:
        self.out, self.quiet = out, quiet
        self.moving = out.isatty()
        self.pause = MOVING if self.moving else WRITTEN
        self.shown_at = time.monotonic() - self.pause
        self.last = ""

    def show(self, done: int, of: int) -> None:
        now = time.monotonic()
        if self.quiet or (done < of and now - self.shown_at < self.pause):
            return
        self.shown_at = now
        self.last = picture(done, of)
        self.out.write(f"\r{self.last}" if self.moving else f"{self.last}\n")
        self.out.flush()

    def end(self) -> None:
        """The line is over."""
        if self.moving and self.last:
            self.out.write("\n")
