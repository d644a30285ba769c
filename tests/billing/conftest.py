from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from accounts.models import Account, LevyingBody
from billing import services
from billing.rules.automobile_roll import COLUMNS
from billing.sample_roll import sample_rows

AT = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
GOOD = {
    "roll_ref": "CAR-1",
    "district_code": "11110",
    "taxpayer_name": "김가나",
    "resident_number": "690302-9635604",
    "email": "t000001@example.kr",
    "vehicle_number": "123가4567",
    "kind": "passenger",
    "use": "private",
    "displacement_cc": "2000",
    "load_kg": "",
    "first_registered": "2025-01-10",
    "half": "1",
}


def csv_of(*rows: dict[str, str], header: str = ",".join(COLUMNS)) -> str:
    """A roll's text: each row is GOOD with what the test says."""
    return "\n".join([header, *(",".join((GOOD | row).values()) for row in rows)]) + "\n"


def sample_text(count: int, *, seed: int = 1) -> str:
    """The text of a roll of `count` rows over all districts."""
    districts = sorted(LevyingBody.objects.filter(kind="district").values_list("code", flat=True))
    file = io.StringIO()
    file.write(",".join(COLUMNS) + "\n")
    for row in sample_rows(count=count, year=2026, half=1, districts=districts, seed=seed):
        file.write(",".join(row) + "\n")
    return file.getvalue()


@dataclass(frozen=True)
class Officers:
    """Two officers of the city: who brings a roll, and who approves it."""

    uploader: int
    approver: int


@pytest.fixture
def officers(db: None) -> Officers:
    emails = ("uploader@example.kr", "approver@example.kr")
    ids = [Account.objects.create(email=email, kind="officer").pk for email in emails]
    return Officers(*ids)


@pytest.fixture
def imported(officers: Officers) -> Callable[[str | bytes], int]:
    """Import a roll of the first half of 2026 and return its id."""

    def run(text: str | bytes, **changes: object) -> int:
        facts = {"file_name": "roll.csv", "tax": "automobile", "year": 2026, "term": 1, "at": AT} | changes
        content = text.encode() if isinstance(text, str) else text
        return services.import_roll(content=content, uploaded_by_id=officers.uploader, **facts)  # type: ignore[arg-type]

    return run


@pytest.fixture
def issued(officers: Officers, imported: Callable[..., int]) -> Callable[..., int]:
    """Import, approve and issue a roll; returns its id."""

    def run(text: str, *, tax: str = "automobile", at: datetime = AT) -> int:
        roll_id = imported(text, tax=tax)
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=at)
        services.issue_roll(roll_id=roll_id, at=at)
        return roll_id

    return run
