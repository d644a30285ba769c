"""Who takes part in the demo, what they hold in hand, and what is said of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from tools.city import City
from tools.demo.visitor import Visitor
from tools.demo.world import one_time_code

ROWS = 500
YEAR, HALF = 2026, 2
# People whom the country's mobile identity knows (docs/protocols/identity.md); like all here they are invented.
MEMBER = ("p-0001", "박승우", "690302-9635604")
VISITOR = ("p-0002", "송지준", "730715-0866448")
NEIGHBOUR = ("p-0003", "서태아", "501011-0545711")
GUEST = ("p-0004", "최하솔", "621219-0408716")
READER = ("p-0005", "안연윤", "960803-0961247")
CALLER = ("p-0006", "류하솔", "721111-9971862")
LISTENER = ("p-0007", "문보람", "810304-9000001")
TEXTED = ("p-0008", "배서준", "820506-9000002")
SENDER = ("p-0009", "오다솜", "830708-9000003")
TENANT = ("p-0010", "남이든", "840910-9000004")
WALLET = ("p-0011", "노아름", "850112-9000005")
CARRIER = ("p-0012", "차은솔", "860214-9000006")
SHOPPER = ("p-0013", "구슬기", "870316-9000007")
DRAWER = ("p-0014", "하나린", "880418-9000008")
PAYERS = (
    *(MEMBER, VISITOR, NEIGHBOUR, GUEST, READER, CALLER, LISTENER, TEXTED, SENDER, TENANT),
    *(WALLET, CARRIER, SHOPPER, DRAWER),
)
# The member has a second vehicle, whose tax is paid with the points that the first one earned.
SECOND = f"{MEMBER[0]}-2"
# The neighbour has one too, which is debited.
DEBITED = f"{NEIGHBOUR[0]}-2"
# What the visitor transfers beyond the bill.
TOO_MUCH = 10_000
VEHICLES = ROWS + len(PAYERS) + 2


@dataclass(frozen=True)
class Bill:
    """What a payer has in hand: the paper bill."""

    id: int
    epay_number: str
    amount: int


class Stage:
    """The city, its people, the bills that the post brought, and the ways in which they were paid."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.people = json.loads(city.manage("make_samples", "--json"))
        self.bills: dict[str, Bill] = {}
        self.ways: list[str] = []
        self._codes: dict[str, str] = {}

    def paid(self, way: str, line: str) -> None:
        """Say that a payment is complete, and by which way it came."""
        self.ways.append(way)
        say(f"[{way}] {line}")

    def officer(self, role: str) -> Visitor:
        """Signed in with password and one-time code."""
        person = self.people[role]
        officer = Visitor(self.city.ports.url("office"), language="en")
        officer.open("/sign-in/").submit(email=person["email"], password=person["password"])
        while (code := one_time_code(person["code_secret"])) == self._codes.get(role):
            time.sleep(0.5)  # a code is taken once
        self._codes[role] = code
        officer.submit(code=code)
        return officer


def won(amount: int) -> str:
    return f"{amount:,}"


def say(line: str) -> None:
    print(f"  {line}", flush=True)
