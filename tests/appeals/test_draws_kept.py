"""Draws as the court keeps them: three commits with the log between them, a file that anybody repeats."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import DatabaseError, connection

from appeals.draw_checks import draws_as_sealed
from appeals.draw_states import DrawKind, DrawStatus
from appeals.models import Draw, DrawSecret
from appeals.rules import advocates, panels, replay
from appeals.services import draws
from core import clock, log
from core.models import LogSeal
from tests.payments.racing import at_once
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

DAY = date(2026, 3, 2)


def seal() -> None:
    """Seal what was appended: a transaction of any database on the server may hold it up."""
    deadline = monotonic() + 30
    while log.seal(at=clock.now()) == 0 and monotonic() < deadline:
        pass


def some_facts(marks: draws.Marks) -> dict[str, Any]:
    case = advocates.Brief(mark=marks.of("case:1"), tax="property", district="11110", team="", begins=DAY, ends=DAY)
    pool = [
        advocates.Advocate(
            mark=marks.of(f"officer:{one}"), knows={"property": 2}, district="", team="", running=0, most=3
        )
        for one in (1, 2, 3)
    ]
    return advocates.told_facts(cases=[case], pool=pool, rules=advocates.AdvocateRules(misfit=(9, 4, 1, 0), load=2))


def begun(about: str = "test:1") -> int:
    marks = draws.Marks()
    return draws.begin_draw(kind=DrawKind.ADVOCATES, about=about, facts=some_facts(marks), marks=marks, at=clock.now())


def advance() -> int:
    return draws.advance_draws(at=clock.now())


def drawn(about: str = "test:1") -> Draw:
    pk = begun(about)
    for _ in range(2):
        seal()
        assert advance() == 1
    return Draw.objects.get(pk=pk)


def test_a_draw_goes_as_far_as_the_log_has_come_and_anybody_repeats_it(
    db: None, public_client: FaceClient, tmp_path: Path
) -> None:
    pk = begun()
    assert begun() == pk
    page, file = f"/appeals/draws/{pk}/", f"/appeals/draws/{pk}/draw.json"
    assert advance() == 0
    seal()
    assert public_client.get(file).status_code == 404
    assert advance() == 1
    assert Draw.objects.get().status == DrawStatus.BOUND
    assert advance() == 0
    assert bytes(DrawSecret.objects.get().secret).hex() not in public_client.get(page).content.decode()
    seal()
    begun("test:2")
    seal()  # a later head changes nothing
    assert advance() == 2
    row = Draw.objects.get(pk=pk)
    assert row.head == LogSeal.objects.get(leaf_id=row.bound_leaf_id).position + 1
    assert row.secret in public_client.get(page).content.decode()
    assert page in public_client.get("/appeals/draws/").content.decode()
    answer = public_client.get(file)
    (tmp_path / "draw.json").write_bytes(answer.content)
    head = log.newest_head()
    assert head is not None
    assert replay.main([str(tmp_path / "draw.json"), "--key", head.key]) == 0
    told = json.loads(answer.content)
    assert "officer:" not in answer.content.decode()
    whose = draws.whose_marks(draw_id=pk)
    ((case, advocate),) = told["result"].items()
    assert whose[case] == "case:1"
    assert whose[advocate] in {"officer:1", "officer:2", "officer:3"}
    assert list(draws_as_sealed()) == []


def test_who_dies_in_the_middle_is_replaced_and_draws_the_same(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    begun()
    seal()
    advance()
    seal()
    secret = bytes(DrawSecret.objects.get().secret)

    def dies(*_: Any, **__: Any) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr("core.outbox.publish", dies)
        assert advance() == 0
    assert Draw.objects.get().status == DrawStatus.BOUND
    assert advance() == 1
    assert Draw.objects.get().secret == secret.hex()
    assert list(draws_as_sealed()) == []


def test_two_workers_bind_one_secret_and_tell_it_once(db: None, database_name: str) -> None:
    pk = begun()

    def does(step: Callable[..., bool]) -> Callable[[AsRole], bool]:
        def run(as_role: AsRole) -> bool:
            with as_role("worker"):
                return step(draw_id=pk, at=clock.now())

        return run

    for step in (draws.bind_secret, draws.tell_draw):
        seal()
        assert sorted(at_once(database_name, [does(step), does(step)])) == [False, True]
    assert DrawSecret.objects.count() == 1


def test_no_face_reads_the_secret_or_who_is_behind_a_mark_and_nobody_changes_a_draw(db: None, as_role: AsRole) -> None:
    row = drawn()
    for face in ("public", "office", "intake"):
        for table in ("appeals_drawsecret", "appeals_drawmark"):
            with as_role(face), pytest.raises(DatabaseError), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")
    changes: list[dict[str, Any]] = [{"facts": {}}, {"secret": "00" * 32}, {"result": {}}, {"status": "bound"}]
    for change in changes:
        with pytest.raises(DatabaseError):
            Draw.objects.filter(pk=row.pk).update(**change)


def test_what_nothing_can_be_drawn_from_is_not_fixed(db: None) -> None:
    with pytest.raises(advocates.BadFacts):
        draws.begin_draw(kind=DrawKind.ADVOCATES, about="x", facts={"cases": 1}, marks=draws.Marks(), at=clock.now())
    official = panels.Member(mark="a", profession=panels.Profession.OFFICIAL, commissioned=False, begins=DAY, ends=DAY)
    other = panels.Member(mark="b", profession=panels.Profession.JUDGE, commissioned=True, begins=DAY, ends=DAY)
    facts = panels.PanelFacts(
        day=DAY, chair=official, vice=other, members=(), excluded={}, rules=panels.PanelRules(seats=9, shares={})
    )
    with pytest.raises(panels.UnableToDrawPanel):
        draws.begin_draw(
            kind=DrawKind.PANEL, about="x", facts=panels.told_facts(facts), marks=draws.Marks(), at=clock.now()
        )
    assert not Draw.objects.exists()


def test_a_draw_that_was_changed_behind_the_database_shows(db: None, as_role: AsRole) -> None:
    row = drawn()
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE appeals_draw SET result = %s WHERE id = %s", [json.dumps({"x": "y"}), row.pk])
    found = list(draws_as_sealed())
    assert f"draw:{row.pk}: it comes out otherwise" in found
    assert f"draw:{row.pk} is not what was sealed of it as appeals.draw.told" in found
