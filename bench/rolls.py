"""A process that brings, approves and issues rolls through the services, as office and workers do (`bench.workers`)."""

from __future__ import annotations

import time
from pathlib import Path

from bench.workers import serve


def write(*, path: str, rows: int, districts: list[str], half: int, seed: int) -> int:
    """A roll's file; the same seed gives the same people. Returns its size."""
    from billing.sample_roll import write_sample_roll

    with Path(path).open("w", encoding="utf-8") as file:
        write_sample_roll(file=file, count=rows, year=2026, half=half, districts=districts, seed=seed)
        return file.tell()


def bring(*, path: str, half: int) -> dict[str, float]:
    """Import and approve a file, and begin to issue; the roll's id and the seconds it took."""
    from accounts.models import Account
    from billing import services
    from core import clock

    emails = ("bench1@example.com", "bench2@example.com")
    officers = [Account.objects.get_or_create(email=email, defaults={"kind": "officer"})[0].pk for email in emails]
    at, started = clock.now(), time.perf_counter()
    with Path(path).open("rb") as file:
        roll_id = services.import_roll(
            content=file,
            file_name="bench.csv",
            tax="automobile",
            year=2026,
            term=half,
            uploaded_by_id=officers[0],
            at=at,
        )
    services.approve_roll(roll_id=roll_id, approved_by_id=officers[1], at=at)
    services.request_issue(roll_id=roll_id, requested_by_id=officers[1])
    return {"roll": roll_id, "seconds": time.perf_counter() - started}


def begin(*, roll: int) -> None:
    from billing import services

    services.begin_issue(roll_id=roll)


def issue(*, roll: int, districts: list[str]) -> dict[str, float]:
    """Issue these districts; bills and seconds."""
    from billing import services
    from core import clock

    started = time.perf_counter()
    bills = sum(services.issue_part(roll_id=roll, body=body, at=clock.now()) for body in districts)
    return {"bills": bills, "seconds": time.perf_counter() - started}


def peak() -> float:
    """Most memory that this process ever held, in MB.

    Asked of Linux for this program's own pages: getrusage also counts what the process that started it held by then.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024


if __name__ == "__main__":
    serve({"write": write, "bring": bring, "begin": begin, "issue": issue, "peak": peak})
