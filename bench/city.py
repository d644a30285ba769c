"""A whole city's bills, staged by SQL instead of from files, and issued by the real function."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from psycopg.types.json import Jsonb

from bench.place import Place
from bench.workers import worker

OFFICERS = ("bench1@example.com", "bench2@example.com")
BILLS_A_PAYER = 2
MANY_BILLS = 20  # of the payer whose page is measured


def stage(place: Place, *, bills: int, districts: Sequence[str], name: str, payer: int | None = None) -> int:
    """An approved roll of `bills` vehicles, all of one payer or of as many new ones as half of that; returns its id.

    Facts and lines are those of rows that were imported; `name` keeps references apart.
    """
    approved = {
        "status": "approved",
        "file_name": f"{name}.csv",
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "row_count": bills,
        "kept_count": bills,
        "issued_at": None,
    }
    with place.as_owner() as owner:
        roll = owner.execute(
            "INSERT INTO billing_levyroll SELECT (jsonb_populate_record(NULL::billing_levyroll, to_jsonb(l) || %s "
            "|| jsonb_build_object('id', nextval(pg_get_serial_sequence('billing_levyroll', 'id'))))).* "
            "FROM (SELECT * FROM billing_levyroll ORDER BY id LIMIT 1) AS l RETURNING id",
            [Jsonb(approved)],
        ).fetchone()
        assert roll is not None
        first = owner.execute("SELECT coalesce(max(id), 0) + 1 FROM accounts_taxpayer").fetchone()
        assert first is not None
        if payer is None:
            owner.execute(
                "INSERT INTO accounts_taxpayer (kind, name, birth_date, email) "
                "SELECT 'individual', '표본' || n, '1899-01-01', '' FROM generate_series(1, %s) AS n",
                [bills // BILLS_A_PAYER + 1],
            )
        owner.execute(
            "INSERT INTO billing_rollrow (roll_id, row_number, roll_ref, body_id, taxpayer_id, "
            "object_ref, facts, lines, amount, collected) "
            "SELECT %(roll)s, n, %(name)s || '-' || n, (%(districts)s::text[])[1 + n %% %(count)s], "
            "coalesce(%(payer)s::bigint, %(first)s::bigint + (n * 7919::bigint) %% %(people)s), "
            "%(name)s || (n * 104729::bigint) %% 100000000, s.facts, s.lines, s.amount, true "
            "FROM generate_series(1, %(bills)s) AS n "
            "JOIN (SELECT row_number() OVER () - 1 AS place, r.* "
            "FROM (SELECT facts, lines, amount FROM billing_rollrow "
            "WHERE collected ORDER BY id LIMIT 1000) AS r) AS s ON s.place = n %% 1000",
            {
                "roll": roll[0],
                "name": name,
                "districts": list(districts),
                "count": len(districts),
                "payer": payer,
                "first": first[0],
                "people": max(bills // BILLS_A_PAYER, 1),
                "bills": bills,
            },
        )
    return int(str(roll[0]))


def fill(place: Place, *, bills: int, districts: Sequence[str], name: str = "city") -> None:
    """So many bills more, issued by two processes; what was staged for it is thrown away."""
    roll = stage(place, bills=bills, districts=districts, name=name)
    issue_by_two(place, roll=roll, districts=districts)
    with place.address.connect() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM billing_rollrow WHERE roll_id = %s", [roll])
        admin.execute("SET session_replication_role = DEFAULT")
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")


def issue_by_two(place: Place, *, roll: int, districts: Sequence[str]) -> None:
    with worker(place, "bench.rolls") as first, worker(place, "bench.rolls") as second:
        first.ask(do="begin", roll=roll)
        half = len(districts) // 2
        first.tell(do="issue", roll=roll, districts=list(districts[:half]))
        second.tell(do="issue", roll=roll, districts=list(districts[half:]))
        first.answer()
        second.answer()


def payer_with_bills(place: Place, *, districts: Sequence[str]) -> tuple[str, str]:
    """Somebody with twenty bills and an account that may sign in; their e-mail address and the proof of a password."""
    email, proof = "payer@example.com", "argon2$of-the-bench"
    with place.as_owner() as owner:
        payer = owner.execute(
            "INSERT INTO accounts_taxpayer (kind, name, birth_date, email) "
            "VALUES ('individual', '표본', '1899-01-01', '') RETURNING id"
        ).fetchone()
        assert payer is not None
        owner.execute(
            "INSERT INTO accounts_account (email, kind, assurance, is_active, password, taxpayer_id) "
            "VALUES (%s, 'citizen', 2, true, %s, %s)",
            [email, proof, payer[0]],
        )
    roll = stage(place, bills=MANY_BILLS, districts=districts, name="mine", payer=int(str(payer[0])))
    issue_by_two(place, roll=roll, districts=districts)
    return email, proof
