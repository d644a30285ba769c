"""A draw of the open tax court, as it is published, and its replay by anybody.

1. What is drawn about (cases, pool, rules) is fixed: its hash goes into the log, and a signed head covers it.
2. Only then a secret is made; its commitment goes into the log. From then on it can't be another.
3. The first head that covers the commitment is published. It depends on everything that anybody did until then.
4. The secret is told. The seed is the hash of secret, facts and head; everything else follows from it.

Who could steer what, and who could not: docs/adr/0036.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from appeals.rules import advocates, panels
from core import drawing

# What is drawn, and what a seed makes of it.
RUNS: Final[Mapping[str, Callable[[Mapping[str, Any], bytes], Any]]] = {
    "advocates": advocates.run,
    "panel": panels.run,
}


class NotADraw(ValueError):
    """A file that is no draw of ours; the text says where it goes wrong."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A draw as told. `head`: the root (hex) of the first head of the log that covers the commitment."""

    kind: str
    facts: Mapping[str, Any]
    fixed: str
    commitment: str
    secret: bytes
    head: str
    result: Any

    @property
    def seed(self) -> bytes:
        return drawing.mixed_seed(secret=self.secret, fixed=self.fixed, head=self.head)


def outcome(*, kind: str, facts: Mapping[str, Any], secret: bytes, head: str) -> Any:
    """What a draw comes to. Raises KeyError for an unknown kind, and what the kind raises."""
    seed = drawing.mixed_seed(secret=secret, fixed=drawing.facts_hash(facts), head=head)
    return RUNS[kind](facts, seed)


def read(told: Mapping[str, Any]) -> Drawn:
    """A published draw. Raises `NotADraw`."""
    try:
        drawn = Drawn(
            kind=str(told["draw"]),
            facts=dict(told["facts"]),
            fixed=str(told["fixed"]),
            commitment=str(told["commitment"]),
            secret=bytes.fromhex(told["secret"]),
            head=str(told["head"]["root"]),
            result=told["result"],
        )
        bytes.fromhex(drawn.fixed), bytes.fromhex(drawn.head)
    except (KeyError, TypeError, ValueError) as error:
        raise NotADraw(f"{type(error).__name__}: {error}") from error
    if drawn.kind not in RUNS:
        raise NotADraw(f"nothing is known of a draw of {drawn.kind!r}")
    return drawn


def faults(drawn: Drawn) -> list[str]:
    """What is not as it was published; empty where everything is. The order of its leaves is `replay`'s to check."""
    found = []
    try:
        fixed = drawing.facts_hash(drawn.facts)
        if fixed != drawn.fixed:
            found.append("the facts are not those that were fixed")
        if len(drawn.secret) != drawing.SEED_BYTES or drawing.commitment(drawn.secret) != drawn.commitment:
            return [*found, "the secret is not the one that was bound"]
        if RUNS[drawn.kind](drawn.facts, drawn.seed) != drawn.result:
            found.append("it comes out otherwise")
    except (advocates.BadFacts, panels.BadPanelFacts, panels.UnableToDrawPanel, TypeError) as error:
        found.append(f"nothing can be drawn from these facts: {error}")
    return found
