"""Issuing a roll, beside COPY of the same bills and lines into tables with the same indexes and checks.

Run as `python -m bench.rolls ROWS` in the bench's environment; prints one JSON object.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import sys
import time
from dataclasses import asdict, dataclass

COPIED = ("billing_bill", "billing_billline")


@dataclass(frozen=True)
class Issued:
    """Bills made, and seconds: to import, to find the payers, to issue, and for COPY of the same rows."""

    bills: int
    importing: float
    identifying: float
    issuing: float
    copying: float


def issue(rows: int) -> Issued:
    """A roll over all districts is brought, approved, its payers looked up as the workers do, and issued."""
    from accounts.models import Account
    from accounts.services.levying_bodies import district_codes
    from billing import services
    from billing.sample_roll import write_sample_roll
    from core import clock

    file = io.StringIO()
    write_sample_roll(file=file, count=rows, year=2026, half=1, districts=sorted(district_codes()), seed=7)
    officers = [Account.objects.create(email=f"bench{n}@example.com", kind="officer").pk for n in (1, 2)]
    at = clock.now()
    marks = [time.perf_counter()]
    roll_id = services.import_roll(
        content=file.getvalue().encode(),
        file_name="bench.csv",
        tax="automobile",
        year=2026,
        term=1,
        uploaded_by_id=officers[0],
        at=at,
    )
    services.approve_roll(roll_id=roll_id, approved_by_id=officers[1], at=at)
    marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    made = services.issue_roll(roll_id=roll_id, at=at)
    marks.append(time.perf_counter())
    importing, identifying, issuing = (after - before for before, after in itertools.pairwise(marks))
    return Issued(made, importing, identifying, issuing, 0.0)


def copy_same_rows() -> float:
    """Seconds for COPY of what was issued, from memory, in one transaction."""
    from etax.settings.base import admin_database

    with admin_database().connect(autocommit=False) as connection:
        connection.execute("SET ROLE etax_owner")
        content: dict[str, list[bytes]] = {}
        for table in COPIED:
            connection.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as out:
                content[table] = [bytes(piece) for piece in out]
        connection.commit()
        started = time.perf_counter()
        for table in COPIED:
            with connection.cursor().copy(f"COPY copied_{table} FROM STDIN") as into:
                for piece in content[table]:
                    into.write(piece)
        connection.commit()
        took = time.perf_counter() - started
        connection.execute("DROP TABLE copied_billing_bill, copied_billing_billline")
        connection.commit()
    return took


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.worker")
    import django

    django.setup()
    issued = issue(int(sys.argv[1]))
    print(json.dumps({**asdict(issued), "copying": copy_same_rows()}))


if __name__ == "__main__":
    main()
