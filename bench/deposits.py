"""A bank's file of deposits to virtual accounts, from its bytes to the books, by one worker.

The worker is `python -m bench.deposits FIRST FILE COUNT`: it takes a small file first, as the connections that it is
compared with have paid before, says `ready`, waits for a line, and takes the other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.place import CHECKOUT, Place

BANK = "088"
ACCOUNT = "08800000000011"
FIRST = 10  # deposits of the small file
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


@dataclass(frozen=True)
class Deposit:
    """What somebody sends to the number that they were given."""

    number: str
    amount: int


def prepare(place: Place, *, first: int, most: int) -> list[Deposit]:
    """A virtual account of the bank for each of `most` bills behind those that the other figures pay."""
    with place.as_owner() as connection:
        connection.execute(
            "WITH chosen AS (SELECT row_number() OVER () AS n, b.id, b.amount FROM ("
            "SELECT id, amount FROM billing_bill ORDER BY md5(id::text) OFFSET %(first)s LIMIT %(most)s) AS b), "
            "made AS ("
            "INSERT INTO payments_attempt (reference, channel, gateway, amount, status, session_mark, idempotency_key, "
            "language, token_hash, bank, gateway_key, page_url, failure, expires_at, ask_at, asks) "
            "SELECT 'DEPOSIT-' || n, 'virtual_account', 'statement:' || %(bank)s, amount, 'waiting', repeat('0', 64), "
            "'deposit-' || n, 'ko', sha256(convert_to('DEPOSIT-' || n, 'UTF8')), %(bank)s, '', '', '', "
            "now() + interval '1 day', now() + interval '1 day', 0 FROM chosen RETURNING id, reference), accounts AS ("
            "INSERT INTO payments_virtualaccount (attempt_id, bank, number, expires_at, issued_at) "
            "SELECT m.id, %(bank)s, (90880000000000 + c.n)::text, now() + interval '1 day', now() - interval '1 hour' "
            "FROM chosen c JOIN made m ON m.reference = 'DEPOSIT-' || c.n) "
            "INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live) "
            "SELECT m.id, c.id, 'virtual_account', c.amount, true "
            "FROM chosen c JOIN made m ON m.reference = 'DEPOSIT-' || c.n",
            {"first": first, "most": most, "bank": BANK},
        )
        rows = connection.execute(
            "SELECT v.number, a.amount FROM payments_virtualaccount v JOIN payments_attempt a ON a.id = v.attempt_id "
            "ORDER BY v.id"
        ).fetchall()
    return [Deposit(str(number), int(str(amount))) for number, amount in rows]


def notice(deposits: Sequence[Deposit], *, name: str) -> bytes:
    """The bank's camt.054 about them."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entries = "".join(
        f'<Ntry><Amt Ccy="KRW">{one.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><DtTm>{at}</DtTm></BookgDt><AcctSvcrRef>{name}-{place}</AcctSvcrRef><BkTxCd><Prtry><Cd>NTRF</Cd>"
        f"</Prtry></BkTxCd><NtryDtls><TxDtls><Refs><AcctSvcrRef>{name}-{place}</AcctSvcrRef></Refs>"
        f'<Amt Ccy="KRW">{one.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><CdtrAcct><Id><Othr><Id>{one.number}'
        f"</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>"
        for place, one in enumerate(deposits)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}"><BkToCstmrDbtCdtNtfctn><GrpHdr>'
        f"<MsgId>{name}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr><Ntfctn><Id>{name}</Id><CreDtTm>{at}</CreDtTm><Acct><Id>"
        f"<Othr><Id>{ACCOUNT}</Id></Othr></Id></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def deposits_per_second(place: Place, *, deposits: Sequence[Deposit], name: str) -> float:
    """One file of all but the first few of them, stored, checked and posted."""
    with tempfile.TemporaryDirectory() as folder:
        first, path = Path(folder) / f"{name}-first.xml", Path(folder) / f"{name}.xml"
        first.write_bytes(notice(deposits[:FIRST], name=first.stem))
        path.write_bytes(notice(deposits[FIRST:], name=name))
        count = len(deposits) - FIRST
        worker = subprocess.Popen(
            [sys.executable, "-m", "bench.deposits", str(first), str(path), str(count)],
            cwd=CHECKOUT,
            env={**place.environment, "DJANGO_SETTINGS_MODULE": "etax.settings.worker"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            _expect(worker.stdout.readline(), "ready")
            started = time.perf_counter()
            worker.stdin.write("go\n")
            worker.stdin.flush()
            _expect(worker.stdout.readline(), "done")
            return count / (time.perf_counter() - started)
        finally:
            worker.terminate()
            worker.communicate()


def _expect(said: str, word: str) -> None:
    if said.strip() != word:
        raise SystemExit(f"bench: the worker said {said.strip()!r} instead of {word!r}")


def work(first: Path, path: Path, count: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.worker")
    django.setup()
    from core import clock
    from payments import services
    from payments.models import BankLine

    def post(file: Path, content: bytes) -> None:
        number = services.bring_bank_file(content=content, bank_code=BANK, name=file.name, at=clock.now())
        services.post_bank_file(file_id=number, at=clock.now())

    post(first, first.read_bytes())
    before = BankLine.objects.filter(fate="settled").count()
    content = path.read_bytes()
    print("ready", flush=True)
    sys.stdin.readline()
    post(path, content)
    settled = BankLine.objects.filter(fate="settled").count() - before
    print("done" if settled == count else f"{settled} of {count} settled", flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
