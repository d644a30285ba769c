"""A draw as it is published: anybody repeats it, and whatever was changed afterwards shows."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appeals.rules import advocates, draw, replay
from core import drawing
from core.merkle import head_bytes, leaf_bytes, leaf_hash, node_hash

SECRET = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
SEALED_AT = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)


def facts() -> dict[str, Any]:
    day = date(2026, 3, 2)
    case = advocates.Brief(mark="c1", tax="property", district="jongno", team="", begins=day, ends=day)
    pool = [
        advocates.Advocate(mark=mark, knows={"property": 2}, district="", team="", running=0, most=3)
        for mark in ("a", "b")
    ]
    rules = advocates.AdvocateRules(misfit=(9, 4, 1, 0), load=2)
    return advocates.told_facts(cases=[case], pool=pool, rules=rules)


def leaf(kind: str, content: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    raw = {"kind": kind, "reference": "draw:7", "content": content, "salt": "ab" * 16}
    told = leaf_bytes(kind=kind, reference="draw:7", content=content, salt=bytes.fromhex("ab" * 16))
    return raw, leaf_hash(told)


def published() -> dict[str, Any]:
    """A log of three leaves: the facts', somebody else's, the commitment's; heads over two and over three of them."""
    fixed = drawing.facts_hash(facts())
    commitment = drawing.commitment(SECRET)
    first, first_hash = leaf(replay.FIXED, {"draw": "advocates", "fixed": fixed})
    _, other = leaf("payment", {"n": 1})
    bound, bound_hash = leaf(replay.BOUND, {"commitment": commitment, "fixed": fixed, "after": 2})
    pair = node_hash(first_hash, other)
    root = node_hash(pair, bound_hash)
    signature = KEY.sign(head_bytes(size=3, root=root, sealed_at=SEALED_AT))
    return {
        "draw": "advocates",
        "facts": facts(),
        "fixed": fixed,
        "commitment": commitment,
        "secret": SECRET.hex(),
        "head": {
            "size": 3,
            "root": root.hex(),
            "sealed_at": SEALED_AT.isoformat(),
            "signature": base64.b64encode(signature).decode(),
        },
        "leaves": {
            "fixed": {**first, "position": 0, "proof": [other.hex(), bound_hash.hex()]},
            "bound": {**bound, "position": 2, "proof": [pair.hex()]},
        },
        "result": draw.outcome(kind="advocates", facts=facts(), secret=SECRET, head=root.hex()),
    }


def test_a_draw_comes_out_as_it_was_published() -> None:
    assert replay.faults(published(), key=PUBLIC) == []


def other_secret(told: dict[str, Any]) -> None:
    told["secret"] = bytes(32).hex()


def other_case(told: dict[str, Any]) -> None:
    told["facts"]["cases"][0]["tax"] = "automobile"


def other_result(told: dict[str, Any]) -> None:
    told["result"]["c1"] = "b" if told["result"]["c1"] == "a" else "a"


def other_head(told: dict[str, Any]) -> None:
    told["head"]["root"] = "11" * 32


def other_signature(told: dict[str, Any]) -> None:
    told["head"]["signature"] = base64.b64encode(bytes(64)).decode()


def other_commitment(told: dict[str, Any]) -> None:
    """Somebody who saw what comes out takes another secret, and its commitment."""
    told["secret"], told["commitment"] = bytes(32).hex(), drawing.commitment(bytes(32))
    told["result"] = draw.outcome(kind="advocates", facts=facts(), secret=bytes(32), head=told["head"]["root"])


def bound_too_early(told: dict[str, Any]) -> None:
    told["leaves"]["bound"]["content"]["after"] = 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (other_secret, "the secret is not the one that was bound"),
        (other_case, "the facts are not those that were fixed"),
        (other_result, "it comes out otherwise"),
        (other_head, "the commitment's leaf is not in the log"),
        (other_signature, "the head was not signed with that key"),
        (other_commitment, "another secret was bound"),
        (bound_too_early, "the secret was bound before a head covered the facts"),
    ],
)
def test_what_was_changed_afterwards_shows(change: Callable[[dict[str, Any]], None], said: str) -> None:
    told = published()
    change(told)
    assert said in replay.faults(told, key=PUBLIC)


def test_the_command_says_so_and_ends_accordingly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(published()), "utf-8")
    assert replay.main([str(file), "--key", PUBLIC]) == 0
    assert "as published" in capsys.readouterr().out
    told = published()
    other_result(told)
    file.write_text(json.dumps(told), "utf-8")
    assert replay.main([str(file)]) == 1
    assert "it comes out otherwise" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"draw": "lottery"}', "\x00"])
def test_a_file_that_is_no_draw_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "draw.json"
    file.write_text(content, "utf-8")
    assert replay.main([str(file)]) == 2
    assert capsys.readouterr().err.startswith("not a draw: ")


def test_facts_are_written_in_one_way_only() -> None:
    assert drawing.canonical({"b": (1, 2), "a": None}) == b'{"a":null,"b":[1,2]}'
    for wrong in ({"a": 0.5}, {1: "a"}, {"a": [{"b": 1.0}]}):
        with pytest.raises(TypeError):
            drawing.canonical(wrong)


def test_a_lot_belongs_to_its_two_things() -> None:
    assert drawing.lot(seed=SECRET, about=("ab", "c")) != drawing.lot(seed=SECRET, about=("a", "bc"))
    assert 0 <= drawing.lot(seed=SECRET, about=("a",), bits=3) < 8


def test_every_part_of_a_seed_changes_it() -> None:
    seeds = {
        drawing.mixed_seed(secret=SECRET, fixed="00" * 32, head="11" * 32),
        drawing.mixed_seed(secret=bytes(32), fixed="00" * 32, head="11" * 32),
        drawing.mixed_seed(secret=SECRET, fixed="22" * 32, head="11" * 32),
        drawing.mixed_seed(secret=SECRET, fixed="00" * 32, head="33" * 32),
    }
    assert len(seeds) == 4
    with pytest.raises(ValueError, match="32 bytes"):
        drawing.mixed_seed(secret=b"short", fixed="00" * 32, head="11" * 32)
