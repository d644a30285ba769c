"""The journey of one case: contested from the bill's own page, upheld in part, its money opened by the ruling."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tools.city import City
from tools.demo.visitor import NotAsExpected, Visitor
from tools.demo.world import prove_identity

SignIn = Callable[[str], Visitor]
ZONE: Final = ZoneInfo("Asia/Seoul")
GROUNDS: Final = "The car was laid up for half of the time."


def member_contests(city: City, sign_in: SignIn, person: tuple[str, str, str], epay_number: str, amount: int) -> str:
    """A bill that its payer has paid is contested and halved; what happened, in one line.

    `sign_in`: an officer by role, speaking English. `amount`: won that were paid on the bill.
    """
    with Visitor(city.ports.url("public")) as member:
        member.open("/sign-in/identity/").submit()
        prove_identity(member, person_id=person[0])
        member.wait_for("로그아웃").open("/bills/find/").submit(epay_number=epay_number, name=person[1])
        number, refund = _contest(member, sign_in=sign_in, amount=amount)
    return f"{person[1]} contests the bill: case {number}, upheld in part; the refund {refund} opens by itself"


def _contest(petitioner: Visitor, *, sign_in: SignIn, amount: int) -> tuple[str, str]:
    """From the bill's page to the ruling; the case and the refund's reference."""
    day = datetime.now(ZONE).date().isoformat()
    petitioner.open(petitioner.link(r"/appeals/contest/\d+/$")).submit()
    petitioner.submit(served_on=day, wish="reduce", wish_amount=str(amount // 2), grounds=GROUNDS, pressing="file")
    number = re.search(r"\d{4}-\S{1,4}-\d{6}", petitioner.page.text)
    if number is None:
        raise NotAsExpected(f"{petitioner.url}: no case number; the page says: {petitioner.page.text[:400]}")
    case = petitioner.link(r"/appeals/\d+/$")
    with sign_in("district_assessor") as office, sign_in("court_clerk") as clerk, sign_in("chair") as chair:
        office.open(case).submit(to="/answer/", text="The register showed the car on the road.")
        clerk.open(case).submit(to="/rule/", files=None, **_halved(clerk))
        chair.open(case).submit(to="/sign/")
        clerk.open(case).submit(to="/serve/", how="site").wait_for("The bill was changed as the ruling says")
        refund = clerk.wait_for("REF-").page.text
    petitioner.open(case).wait_for("REF-")
    reference = re.search(r"REF-[0-9A-Z]{16}", refund)
    return number[0], reference[0] if reference else ""


def _halved(clerk: Visitor) -> dict[str, str]:
    """A ruling that corrects each tax of the bill to half, as the page names what they ask now."""
    form = next(form for form in clerk.page.forms if "/rule/" in form.action)
    lines = sorted(name for name in form.names if name.startswith("line_"))
    asks = [int(sum_.replace(",", "")) for sum_ in re.findall(r"It asks ([\d,]+) won now", clerk.page.text)]
    if not lines or len(lines) != len(asks):
        raise NotAsExpected(f"{clerk.url}: no lines to correct; the page says: {clerk.page.text[:400]}")
    corrected = {name: str(sum_ // 20 * 10) for name, sum_ in zip(lines, asks, strict=True)}
    sitting = {"seats": "11", "present": "8", "in_favour": "6"}
    return {"outcome": "corrected", "reasons": "Half of the time the car did not drive.", **sitting, **corrected}
