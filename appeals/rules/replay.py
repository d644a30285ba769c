"""`python -m appeals.rules.replay FILE`: repeat a draw of the open tax court from the file that its page offers.

Asks no database, no network and no settings. `--key` is the city's key of the log (Ed25519, hex), as it is published
elsewhere; without it the signature of the head is not looked at, and that is said.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from appeals.rules import draw
from core.merkle import head_bytes, inclusion_holds, leaf_bytes, leaf_hash

FIXED: Final = "appeals.draw.fixed"
BOUND: Final = "appeals.draw.bound"
# No file of a draw is larger; what is, is not read.
MOST_BYTES: Final = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A leaf with its place in the log and the proof that leads to the head's root."""

    kind: str
    reference: str
    content: Mapping[str, Any]
    salt: bytes
    position: int
    proof: list[bytes]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Sealed:
        return cls(
            kind=str(raw["kind"]),
            reference=str(raw["reference"]),
            content=dict(raw["content"]),
            salt=bytes.fromhex(raw["salt"]),
            position=int(raw["position"]),
            proof=[bytes.fromhex(one) for one in raw["proof"]],
        )

    def stands(self, *, size: int, root: bytes) -> bool:
        told = leaf_bytes(kind=self.kind, reference=self.reference, content=self.content, salt=self.salt)
        return self.position >= 0 and inclusion_holds(
            leaf=leaf_hash(told), position=self.position, size=size, proof=self.proof, root=root
        )


def order_faults(told: Mapping[str, Any], drawn: draw.Drawn) -> list[str]:
    """What is wrong with the order of steps: facts, a head over them, the commitment, the draw's head."""
    try:
        fixed, bound = Sealed.read(told["leaves"]["fixed"]), Sealed.read(told["leaves"]["bound"])
        size, after = int(told["head"]["size"]), int(bound.content["after"])
    except (KeyError, TypeError, ValueError) as error:
        raise draw.NotADraw(f"{type(error).__name__}: {error}") from error
    root = bytes.fromhex(drawn.head)
    checks = {
        "the facts' leaf is not in the log": fixed.kind == FIXED and fixed.stands(size=size, root=root),
        "the commitment's leaf is not in the log": bound.kind == BOUND and bound.stands(size=size, root=root),
        "the two leaves are of different draws": fixed.reference == bound.reference,
        "other facts were fixed": fixed.content == {"draw": drawn.kind, "fixed": drawn.fixed},
        "another secret was bound": bound.content
        == {"commitment": drawn.commitment, "fixed": drawn.fixed, "after": after},
        "the secret was bound before a head covered the facts": fixed.position < after <= bound.position,
    }
    return [fault for fault, holds in checks.items() if not holds]


def signed(told: Mapping[str, Any], *, key: str) -> bool:
    """Whether the draw's head was signed with this key."""
    head = told["head"]
    text = head_bytes(
        size=int(head["size"]),
        root=bytes.fromhex(head["root"]),
        sealed_at=datetime.fromisoformat(head["sealed_at"]),
    )
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(base64.b64decode(head["signature"]), text)
    except InvalidSignature:
        return False
    return True


def faults(told: Mapping[str, Any], *, key: str = "") -> list[str]:
    """Everything that is not as it was published. Raises `NotADraw`."""
    drawn = draw.read(told)
    found = [*order_faults(told, drawn), *draw.faults(drawn)]
    try:
        if key and not signed(told, key=key):
            found.append("the head was not signed with that key")
    except (KeyError, TypeError, ValueError) as error:
        raise draw.NotADraw(f"{type(error).__name__}: {error}") from error
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m appeals.rules.replay", description=__doc__)
    parser.add_argument("file", type=Path, help="draw.json from the page of the draw")
    parser.add_argument("--key", default="", help="the city's key of the log, hex")
    wanted = parser.parse_args(arguments)
    try:
        if wanted.file.stat().st_size > MOST_BYTES:
            raise draw.NotADraw(f"longer than {MOST_BYTES} bytes")
        told = json.loads(wanted.file.read_text("utf-8"))
        if not isinstance(told, dict):
            raise draw.NotADraw("no JSON object")
        wrong = faults(told, key=wanted.key)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"not a draw: {error}\n")
        return 2
    if wrong:
        sys.stderr.write("not as published: " + "; ".join(wrong) + "\n")
        return 1
    looked = "its signature holds" if wanted.key else "its signature was not looked at: give --key"
    sys.stdout.write(f"as published. The draw's head has {told['head']['size']} leaves; {looked}.\n")
    sys.stdout.write("That it is the first over the commitment, the city's list of heads says.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
