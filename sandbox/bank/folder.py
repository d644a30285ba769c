"""The folder in which a bank and the city exchange files: written under another name, then renamed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sandbox.bank.house import House
from sandbox.bank.orders import Orders
from sandbox.bank.xml import MOST_BYTES, BadMessage

OUT: Final = "out"
TAKEN: Final = "taken-by-bank"


class Folder:
    """`stop` ends the process in the middle, where a fault asks for it."""

    def __init__(self, *, house: House, root: Path, stop: Callable[[], None]) -> None:
        self._house = house
        self._orders = Orders(house)
        self._root = root
        self._stop = stop

    def work(self) -> None:
        """Take what the city left, then put there what waits. Both can be done again after a death at any line."""
        for bank in self._house.accounts:
            self._take(bank)
        self._drop()

    def _take(self, bank: str) -> None:
        folder = self._root / bank / OUT
        if not folder.is_dir():
            return
        for path in sorted(folder.glob("*.xml")):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
                continue
            try:
                self._orders.take(bank, path.read_bytes())
            except BadMessage as error:
                sys.stderr.write(f"sandbox bank {bank}: {path.name}: {error}\n")
            (self._root / bank / TAKEN).mkdir(exist_ok=True)
            path.rename(self._root / bank / TAKEN / path.name)

    def _drop(self) -> None:
        query = "SELECT * FROM outgoing WHERE dropped = 0 AND due <= ? ORDER BY seq LIMIT 100"
        for row in self._house.db.execute(query, (time.time(),)).fetchall():
            folder = self._root / row["bank"]
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{row['name']}.part"
            with part.open("wb") as file:
                file.write(row["content"])
                file.flush()
                os.fsync(file.fileno())
            part.rename(folder / row["name"])
            if self._house.faults.take("restart", order_id=row["bank"]):
                self._stop()  # started again, it puts the same file there a second time
            self._house.db.execute("UPDATE outgoing SET dropped = 1 WHERE seq = ?", (row["seq"],))
