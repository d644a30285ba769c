"""The way of a roll's file from the office to staged rows: sealed, read by a worker, begun anew after an accident."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pyarrow import parquet

from accounts.access import Role
from accounts.models import Taxpayer
from billing import selectors, services
from billing.models import Bill, LevyRoll, RollPiece, RollRow
from billing.rules.automobile_roll import COLUMNS
from billing.services.check_roll import ATTEMPTS, check_roll, forget_files_left, rolls_waiting
from billing.states import RollStatus
from core.pieces import PIECE
from core.uploads import ClosedUploadHandler
from tests.support.database import AsRole

from .conftest import AT, GOOD, Officers, csv_of, sample_text
from .people import officer_session

Import = Callable[..., int]


@pytest.fixture
def brought(officers: Officers) -> Callable[[str], int]:
    """Bring a roll as the office does; nobody has read it yet."""

    def run(text: str) -> int:
        file = io.BytesIO(text.encode())
        facts = {"file_name": "roll.csv", "tax": "automobile", "year": 2026, "term": 1, "at": AT}
        return services.bring_roll(file=file, size=len(text.encode()), uploaded_by_id=officers.uploader, **facts)  # type: ignore[arg-type]

    return run


def staged() -> list[tuple[Any, ...]]:
    return sorted(
        RollRow.objects.values_list("row_number", "roll_ref", "body_id", "object_ref", "amount", "taxpayer_id")
    )


def status(roll_id: int) -> str:
    return LevyRoll.objects.get(pk=roll_id).status


def test_a_parquet_file_becomes_the_same_rows_as_its_csv(imported: Import, officers: Officers, tmp_path: Path) -> None:
    rolls = []
    for name in ("roll.csv", "roll.parquet"):
        call_command("make_roll", rows=300, out=tmp_path / name, verbosity=0)
        roll_id = imported((tmp_path / name).read_bytes())
        rolls.append((LevyRoll.objects.get(pk=roll_id).encoding, staged()))
        services.withdraw_roll(roll_id=roll_id, withdrawn_by_id=officers.uploader, reason="the other form of the file")
    assert [encoding for encoding, _ in rolls] == ["utf-8", "parquet"]
    assert rolls[0][1] == rolls[1][1] != []


def parquet_of(path: Path, **columns: list[Any]) -> bytes:
    whole = {name: [value] for name, value in GOOD.items()} | columns
    parquet.write_table(arrow.table({name: value for name, value in whole.items() if value}), path)
    return path.read_bytes()


def test_whole_numbers_and_days_of_a_parquet_file_are_cells(imported: Import, tmp_path: Path) -> None:
    day = arrow.scalar("2025-01-10").cast(arrow.date32()).as_py()
    content = parquet_of(tmp_path / "a", displacement_cc=[2000], half=[1], first_registered=[day], load_kg=[None])
    assert status(imported(content)) == RollStatus.STAGED
    assert RollRow.objects.get().amount == 260_000


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"displacement_cc": [2000.5]}, (1, "displacement_cc", "column_type")),
        ({"half": []}, (1, "half", "header_missing")),
        ({"half": ["2"]}, (2, "half", "other_half")),
    ],
)
def test_a_parquet_file_of_another_form_is_reported(
    imported: Import, tmp_path: Path, columns: dict[str, list[Any]], problem: tuple[int, str, str]
) -> None:
    roll_id = imported(parquet_of(tmp_path / "a", **columns))
    assert [row[:3] for row in selectors.problems(roll_id=roll_id)] == [problem]


@pytest.mark.parametrize("cut", [5, 400])
def test_half_a_parquet_file_is_reported(imported: Import, tmp_path: Path, cut: int) -> None:
    roll_id = imported(parquet_of(tmp_path / "a")[:cut])
    assert [row[:3] for row in selectors.problems(roll_id=roll_id)] == [(1, "", "parquet")]


def test_nobody_reads_in_the_database_what_a_brought_file_says(brought: Callable[[str], int], as_role: AsRole) -> None:
    roll_id = brought(csv_of({}))
    kept = b"".join(bytes(piece.content) for piece in RollPiece.objects.all())
    assert len(kept) > len(csv_of({}))
    for secret in ("690302", "9635604", "김가나"):
        assert secret.encode() not in kept
    officer_session(as_role, "curious@example.kr", Role.ASSESSOR)
    with as_role("office"), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM billing_rollpiece")
    check_roll(roll_id=roll_id, at=AT)
    assert not RollPiece.objects.exists()
    assert LevyRoll.objects.get().sealed_key is None


def test_a_worker_that_dies_is_made_up_for_by_the_next(brought: Callable[[str], int], officers: Officers) -> None:
    roll_id = brought(sample_text(200))

    def dies(*, read: int, kept: int, of: int) -> None:
        if kept:
            raise ConnectionError("killed")

    with pytest.raises(ConnectionError):
        check_roll(roll_id=roll_id, at=AT, told=dies)
    assert RollRow.objects.exists()
    assert (status(roll_id), rolls_waiting()) == (RollStatus.BROUGHT, [roll_id])
    with pytest.raises(services.RollNotStaged):
        services.approve_roll(roll_id=roll_id, approved_by_id=officers.approver, at=AT)
    check_roll(roll_id=roll_id, at=AT)
    assert (status(roll_id), RollRow.objects.count()) == (RollStatus.STAGED, 200)
    check_roll(roll_id=roll_id, at=AT)
    assert RollRow.objects.count() == 200


def test_a_file_over_which_every_worker_dies_is_refused_in_the_end(brought: Callable[[str], int]) -> None:
    roll_id = brought(csv_of({}))
    LevyRoll.objects.update(attempts=ATTEMPTS)
    check_roll(roll_id=roll_id, at=AT)
    assert status(roll_id) == RollStatus.REFUSED
    assert [row[2] for row in selectors.problems(roll_id=roll_id)] == ["unreadable"]


def test_a_roll_withdrawn_while_it_is_read_leaves_nothing(brought: Callable[[str], int], officers: Officers) -> None:
    roll_id = brought(csv_of({}))

    def withdraws(*, read: int, kept: int, of: int) -> None:
        if kept:
            services.withdraw_roll(roll_id=roll_id, withdrawn_by_id=officers.uploader, reason="the wrong file")

    check_roll(roll_id=roll_id, at=AT, told=withdraws)
    assert (status(roll_id), RollRow.objects.count(), RollPiece.objects.count()) == (RollStatus.WITHDRAWN, 0, 0)


def test_the_file_of_a_roll_withdrawn_before_anybody_read_it_is_removed(
    brought: Callable[[str], int], officers: Officers
) -> None:
    services.withdraw_roll(roll_id=brought(csv_of({})), withdrawn_by_id=officers.uploader, reason="the wrong file")
    forget_files_left()
    assert not RollPiece.objects.exists()


def test_a_refused_roll_makes_no_payer_known(imported: Import) -> None:
    imported(csv_of({}, {"roll_ref": "CAR-2", "half": "2"}))
    assert not Taxpayer.objects.exists()


def test_the_preview_says_what_last_years_roll_asked(imported: Import) -> None:
    last = imported(
        csv_of({}, {"roll_ref": "CAR-2", "vehicle_number": "123가0002"}), year=2025, at=AT.replace(year=2025)
    )
    LevyRoll.objects.filter(pk=last).update(status=RollStatus.WITHDRAWN)
    assert not selectors.preview(roll_id=imported(csv_of({"roll_ref": "CAR-9", "vehicle_number": "99가0009"}))).compared
    LevyRoll.objects.filter(pk=last).update(
        status=RollStatus.ISSUED, approved_by=LevyRoll.objects.get(pk=last).uploaded_by_id + 1, approved_at=AT
    )
    now = csv_of(
        {"roll_ref": "CAR-3", "displacement_cc": "1000"},
        {"roll_ref": "CAR-4", "vehicle_number": "123가0004", "resident_number": "690302-9635605"},
        {"roll_ref": "CAR-5", "vehicle_number": "123가0005", "resident_number": "690302-9635606"},
    )
    preview = selectors.preview(roll_id=imported(now))
    (district,) = preview.districts
    assert (district.rows_before, district.rows, district.appeared, district.vanished) == (2, 3, 2, 1)
    assert district.amount_before == 490_060
    assert [(change.object_ref, change.before) for change in preview.changes] == [("123가4567", 245_030)]
    asked = sum(RollRow.objects.filter(roll_id=preview.roll.id).values_list("amount", flat=True))
    assert sum(tax.amount for tax in preview.by_tax) == preview.amount == asked


def test_a_large_upload_lies_on_the_disk_encrypted() -> None:
    handler = ClosedUploadHandler()
    handler.new_file("file", "roll.csv", "text/csv", None, None, None)
    content = csv_of(*({"roll_ref": f"CAR-{n}"} for n in range(12_000))).encode()
    for start in range(0, len(content), 65_536):
        assert handler.receive_data_chunk(content[start : start + 65_536], start) is None
    upload = handler.file_complete(len(content))
    handler._kept.seek(0)
    assert len(content) > PIECE
    assert b"690302" not in handler._kept.read()
    assert upload.read() == content
    assert b"".join(upload.chunks()) == content
    upload.close()
    assert handler._kept.closed


def test_the_machine_of_the_worker_reads_and_issues_rolls_too(
    officers: Officers, as_role: AsRole, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    officer_session(as_role, "assessor@example.kr", Role.ASSESSOR)
    path = tmp_path / "roll.csv"
    path.write_text(sample_text(40))
    facts = {"tax": "automobile", "year": 2026, "term": 1}
    with pytest.raises(CommandError, match="no assessor"):
        call_command("import_roll", path, officer="nobody@example.kr", **facts)
    call_command("import_roll", path, officer="assessor@example.kr", **facts)
    roll = LevyRoll.objects.get()
    services.approve_roll(roll_id=roll.pk, approved_by_id=officers.approver, at=AT)
    call_command("issue_roll", roll.pk)
    said = capsys.readouterr()
    assert "40 of 40 bills" in said.out
    assert "100 %" in said.err
    assert Bill.objects.count() == 40


def test_every_column_of_the_header_is_asked_for() -> None:
    assert list(GOOD) == list(COLUMNS)
