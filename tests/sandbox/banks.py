"""The sandbox's banks as a process, with the folder in which they and the city exchange files."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.sandbox.processes import program

BANK, ACCOUNT, NUMBER = "088", "08800000000011", "90880000000007"
WITHIN = 15.0


@dataclass(frozen=True)
class Banks:
    """A client of the banks' pages and of their folder."""

    http: httpx.Client
    folder: Path

    def deposits(self, amount: int, *, number: str = ACCOUNT, words: str = "", sender: str = "홍길동") -> str:
        body = {"number": number, "amount": amount, "words": words, "sender": sender}
        answer = self.http.post("/api/transfers", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["reference"])

    def takes_back(self, reference: str) -> None:
        assert self.http.post(f"/api/transfers/{reference}/return").status_code == 204

    def ends_the_day(self) -> None:
        assert self.http.post("/api/days", json={"bank": BANK}).status_code == 201

    def fault(self, kind: str, **facts: Any) -> None:
        assert self.http.post("/sandbox/faults", json={"fault": kind, **facts}).status_code == 201

    def files(self, start: str, *, many: int = 1) -> list[Path]:
        """As many files whose names start so, as soon as they are there."""
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            found = sorted((self.folder / BANK).glob(f"{start}*.xml"))
            if len(found) >= many:
                return found
            time.sleep(0.02)
        raise AssertionError(f"no file {start}")

    def gives(self, name: str, content: bytes) -> None:
        """A file of the city's for the bank."""
        out = self.folder / BANK / "out"
        out.mkdir(parents=True, exist_ok=True)
        (out / f".{name}.part").write_bytes(content)
        (out / f".{name}.part").rename(out / name)


@contextlib.contextmanager
def banks(place: Path) -> Iterator[Banks]:
    """One bank with an account of the city's and a thousand virtual ones; notices ten times a second."""
    account = {"bank": BANK, "name": "Shinhan", "account": ACCOUNT, "first": "90880000000000", "count": 1000}
    place.mkdir(parents=True, exist_ok=True)
    (place / "accounts.json").write_text(json.dumps([account]))
    options = ["--store", str(place / "store"), "--folder", str(place / "files"), "--notice-every", "0.1"]
    with (
        program("bank", "--port", "0", "--accounts", str(place / "accounts.json"), *options) as (base,),
        httpx.Client(base_url=base) as http,
    ):
        yield Banks(http, place / "files")
