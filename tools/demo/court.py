"""Three people contest their bills: one is right in part, one is not, one comes too late."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tools.demo.clockwork import came_long_ago, hurried, the_day_comes
from tools.demo.paying_back import two_officers_decide
from tools.demo.stage import CALLER, GUEST, READER, Bill, Stage, say, won
from tools.demo.visitor import NotAsExpected, Visitor
from tools.demo.world import open_account, prove_identity, today

BANK, NUMBER = "20", "100200300402"
PROFESSIONS = {
    "chair": "judge",
    "committee_member": "lawyer",
    "committee_member_2": "lawyer",
    "committee_member_3": "tax_accountant",
    "committee_member_4": "tax_accountant",
    "committee_member_5": "accountant",
    "committee_member_6": "professor",
    "committee_member_7": "judge",
    "committee_member_8": "official",
}
# Of nine seats five are a quorum; each of them has a desk here.
COME = tuple(PROFESSIONS)[:5]
PROOF = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)


@dataclass(frozen=True)
class Filed:
    """A case that somebody filed, as its own page tells."""

    id: int
    number: str
    who: Visitor
    name: str
    bill: Bill


def three_cases(stage: Stage) -> None:
    """From the bills' own pages to the money, the published decision and the papers that are left."""
    with ExitStack() as open_:
        clerk = open_.enter_context(stage.officer("court_clerk"))
        bench = {role: open_.enter_context(stage.officer(role)) for role in COME}
        people = [open_.enter_context(Visitor(stage.city.ports.url("public"), language="en")) for _ in range(3)]
        members = _committee_and_pool(stage, clerk)
        upheld = _files(stage, people[0], GUEST, wish="reduce")
        rejected = _files(stage, people[1], READER, wish="cancel")
        late = _files(stage, people[2], CALLER, wish="cancel", days_ago=110)
        _dismissed(stage, clerk, bench["chair"], late)
        _beside(stage, upheld)
        _answered(stage, upheld, rejected)
        session_id = _planned(stage, clerk, upheld, rejected)
        _seated(stage, clerk, session_id, members)
        for case, outcome in ((upheld, "corrected"), (rejected, "rejected")):
            _heard(clerk, case)
            _decided(clerk, bench, case, outcome)
        say(f"[court] {rejected.name}: rejected; the page says that the Tax Tribunal is open for 90 days")
        rejected.who.open(f"/appeals/{rejected.id}/").wait_for("Tax Tribunal")
        _comes_back(stage, upheld)
        _kept(stage, upheld, rejected, late)
        _published(stage, clerk, upheld)


def _committee_and_pool(stage: Stage, clerk: Visitor) -> dict[str, int]:
    """The clerk puts nine members into office and two advocates into the pool; numbers of members by role."""
    begins, ends = today(), today() + timedelta(days=730)
    members = {}
    for role, profession in PROFESSIONS.items():
        person = stage.people[role]
        clerk.open("/appeals/committee/")
        account = clerk.option("account", person["email"])
        clerk.submit(pressing="add", account=account, name=person["name"], profession=profession)
        found = next(link for link in clerk.page.links if link.text == person["name"])
        members[role] = int(found.href.rstrip("/").rpartition("/")[2])
        office = {"chair": "chair", "committee_member_8": "vice"}.get(role, "member")
        clerk.open(found.href).submit(
            pressing="commission", office=office, begins=begins.isoformat(), ends=ends.isoformat()
        )
    for role in ("special_tax_advocate", "special_tax_advocate_2"):
        clerk.open("/appeals/advocates/")
        found = next(link for link in clerk.page.links if link.text == stage.people[role]["name"])
        clerk.open(found.href).submit(in_pool="on", most="12", phone="02-0000-0000", tax_automobile="3")
    say("[court] The clerk keeps a committee of nine and a pool of two special tax advocates")
    return members


def _files(stage: Stage, who: Visitor, person: tuple[str, str, str], *, wish: str, days_ago: int = 0) -> Filed:
    """Reads what waiting costs, writes, brings a picture, files."""
    person_id, name, _ = person
    bill = stage.bills[person_id]
    if days_ago:
        came_long_ago(stage.city, bill_id=bill.id)
    who.open("/sign-in/identity/").submit()
    prove_identity(who, person_id=person_id)
    who.wait_for("Sign out").open(f"/appeals/contest/{bill.id}/").submit()
    served = today() - timedelta(days=days_ago)
    who.submit(
        pressing="file",
        files={"file": ("sold.png", PROOF)},
        served_on=served.isoformat(),
        wish=wish,
        wish_amount=str(bill.amount // 2) if wish == "reduce" else "",
        grounds="차량을 이미 팔았습니다.",
        public_hearing="on" if wish == "reduce" else [],
        unavailable=(today() + timedelta(days=3)).isoformat(),
    )
    found = re.search(r"/appeals/(\d+)/filed/", who.url)
    number = re.search(r"\d{4}-\S+-\d{6}", who.page.text)
    if found is None or number is None:
        raise NotAsExpected(f"{who.url}: not filed; the page says: {who.page.text}")
    late = " after the 90 days" if days_ago else ""
    say(f"[court] {name} contests a bill of {won(bill.amount)} won{late}: case {number[0]}")
    return Filed(int(found[1]), number[0], who, name, bill)


def _dismissed(stage: Stage, clerk: Visitor, chair: Visitor, case: Filed) -> None:
    """Late, and nothing kept the petitioner: the clerk drafts it, the chair signs it, it is served."""
    page = f"/appeals/{case.id}/"
    clerk.open(page).submit(to="/rule/", outcome="dismissed", reasons="청구기간 90일이 지난 뒤에 접수되었다.")
    chair.open(page).submit(to="/sign/")
    clerk.open(page).submit(to="/serve/", how="site")
    case.who.open(page).wait_for("Dismissed without being heard")
    say(f"[court] {case.name}: dismissed as late, and told that the Tax Tribunal is open")


def _beside(stage: Stage, case: Filed) -> None:
    """The log is sealed until it tells who stands beside the petitioner; that one files a brief."""
    page = f"/appeals/{case.id}/advocate/"
    names = {stage.people[role]["name"]: role for role in ("special_tax_advocate", "special_tax_advocate_2")}

    def drawn() -> bool:
        return any(name in case.who.open(page).page.text for name in names)

    hurried(stage.city, "appeals.gather", "core.seal_log", "appeals.draw", until=drawn)
    name = next(name for name in names if name in case.who.page.text)
    with stage.officer(names[name]) as advocate:
        advocate.open(f"/appeals/advocate/{case.id}/")
        advocate.submit(to="/brief/", pressing="file", text="과세기준일 전에 소유권이 넘어갔습니다.")
    say(f"[court] {name} is drawn to stand beside {case.name}, for nothing, and files a brief")


def _answered(stage: Stage, *cases: Filed) -> None:
    with stage.officer("district_assessor") as assessor:
        for case in cases:
            assessor.open(f"/appeals/{case.id}/").submit(to="/answer/", text="등록원부에 따라 부과하였습니다.")


def _planned(stage: Stage, clerk: Visitor, *cases: Filed) -> int:
    """The solver proposes when and where, the clerk fixes it; the calendar that everybody reads."""
    clerk.open("/appeals/hearings/").submit(to="/open/", until=(today() + timedelta(days=60)).isoformat())
    clerk.submit(to="/hearings/plan/").wait_for("Ready to be looked at").expect(cases[0].number)
    clerk.submit(to="/fix/")
    with Visitor(stage.city.ports.url("public"), language="en") as anybody:
        anybody.open("/appeals/hearings/").open(anybody.link(r"/appeals/hearings/\d{4}-"))
        anybody.expect(cases[0].number).expect("Closed hearing")
        if any(case.name in anybody.page.text for case in cases) or cases[1].number in anybody.page.text:
            raise NotAsExpected(f"{anybody.url}: tells who is heard")
        day = anybody.url.rstrip("/").rpartition("/")[2]
    say(f"[court] Both are heard on {day}; the public calendar names nobody, and of the closed one not even the case")
    clerk.open(f"/appeals/{cases[0].id}/").open(clerk.link(r"/appeals/hearings/\d+/$"))
    return int(clerk.link(r"/hearings/rooms/\d+/$").rstrip("/").rpartition("/")[2])


def _seated(stage: Stage, clerk: Visitor, session_id: int, members: dict[str, int]) -> None:
    """A panel is drawn; its day comes; five of nine are there, which is a quorum."""
    clerk.open("/appeals/panels/")
    clerk.submit(pressing=f"session-{session_id}", seats="9")
    clerk.open(clerk.link(r"/appeals/panels/\d+/$"))
    page = clerk.url

    def seated() -> bool:
        return "Who sits" in clerk.open(page).page.text

    hurried(stage.city, "core.seal_log", "appeals.draw", until=seated)
    the_day_comes(stage.city, session_id=session_id)
    clerk.open(page).submit(pressing="attendance", there=[str(members[role]) for role in COME])
    clerk.open(page).expect("5 of 9 at the table")
    say("[court] The panel is drawn in the open; its day comes (the demo moves it to today), five of nine are there")


def _heard(clerk: Visitor, case: Filed) -> None:
    clerk.open(f"/appeals/{case.id}/").open(clerk.link(r"/appeals/hearings/\d+/$"))
    for side in ("petitioner", "office"):
        clerk.submit(to="/attend/", side=side, presence="present")
    clerk.submit(to="/begin/")
    for side in ("petitioner", "office"):
        clerk.submit(to="/state/", side=side, text="진술하였다.")
    clerk.submit(to="/end/").submit(to="/minutes/").expect("Version 1")


def _decided(clerk: Visitor, bench: dict[str, Visitor], case: Filed, outcome: str) -> None:
    """Voted on at five desks, written by the clerk, signed by all, sealed by the chair, served."""
    inside, chair = f"/appeals/bench/cases/{case.id}/", bench["chair"]
    chair.open(inside).submit(pressing="open")
    for judge in bench.values():
        judge.open(inside).submit(pressing="vote", outcome=outcome)
    chair.open(inside).submit(pressing="close").expect("Carried")
    clerk.open(f"/appeals/{case.id}/").expect("Carried by the committee")
    form = next(form for form in clerk.page.forms if "/rule/" in form.action)
    lines = {name: str(case.bill.amount // 8) for name in sorted(form.names) if name.startswith("line_")}
    said = {"outcome": outcome, "reasons": "증거와 진술을 살펴 이와 같이 결정한다."}
    clerk.submit(to="/rule/", typed=said | lines)
    for role, judge in bench.items():
        if role != "chair":
            judge.open(inside).submit(pressing="sign")
    chair.open(inside).submit(pressing="seal")
    clerk.open(f"/appeals/{case.id}/").submit(to="/serve/", how="site")


def _comes_back(stage: Stage, case: Filed) -> None:
    """The refund opened by itself; two officers decide it, two others release the file to the bank, which pays it."""
    page = f"/appeals/{case.id}/"
    case.who.open(page).wait_for("The bill was changed as the ruling says.").wait_for("Interest until today")
    refund = case.who.link(r"/refunds/\d+/$")
    open_account(stage.city.ports.url("acquirer"), bank=BANK, number=NUMBER, holder=case.name)
    case.who.open(refund).open(case.who.link(r"/refunds/account/\d+/$")).submit(bank=BANK, number=NUMBER)
    case.who.wait_for("The holder is the taxpayer").open(refund).submit(way="account")
    two_officers_decide(stage, refund, reason="the ruling of the tax court")
    _released(stage)

    def arrived() -> bool:
        return "Paid back" in case.who.open(page).page.text

    hurried(stage.city, "payments.send_transfers", "payments.post_bank_files", "refunds.send", until=arrived)
    sums = re.search(r"Amount ([\d,]+) won .*?Interest paid ([\d,]+) won", case.who.page.text)
    if sums is None:
        raise NotAsExpected(f"{case.who.url}: no sums; the page says: {case.who.page.text}")
    back = f"{sums[1]} won and {sums[2]} won of interest are on the account, and the case's page says so"
    say(f"[court] {case.name}: upheld in part; {back}")


def _released(stage: Stage) -> None:
    """A file of transfers goes to the bank when the treasurer and a second officer agreed to its hash."""
    with stage.officer("treasurer") as first, stage.officer("approver") as second:
        ready = partial(_has_link, first, "/payments/transfers/", r"/payments/transfers/\d+/$")
        hurried(stage.city, "refunds.send", "payments.send_transfers", until=ready)
        batch = first.link(r"/payments/transfers/\d+/$")
        first.open(batch).submit(to="/agree/")
        second.open(batch).submit(to="/agree/")


def _has_link(who: Visitor, page: str, pattern: str) -> bool:
    return any(re.search(pattern, link.href) for link in who.open(page).page.links)


def _kept(stage: Stage, *cases: Filed) -> None:
    """The signed rulings, as the petitioners load them down."""
    for case, name in zip(cases, ("upheld", "rejected", "dismissed"), strict=True):
        case.who.open(f"/appeals/{case.id}/").wait_for("The signed ruling is among your documents")
        case.who.open(case.who.link(r"/receipts/$"))
        address = case.who.link(r"/receipts/\d+", says="Decision on an objection")
        (stage.folder / f"ruling-{name}.pdf").write_bytes(case.who.wait_for_file(address, b"%PDF-"))


def _published(stage: Stage, clerk: Visitor, case: Filed) -> None:
    """The clerk reads the proposal, which names nobody, and publishes it; everybody finds it."""
    clerk.open(f"/appeals/{case.id}/publish/").submit(
        pressing="", ground="object", gist_ko="매도한 차량에 대한 자동차세", gist_en="Tax on a vehicle that was sold."
    ).expect("is published.")
    with Visitor(stage.city.ports.url("public"), language="en") as anybody:
        anybody.open("/decisions/").submit(q="vehicle")
        anybody.open(anybody.link(r"/decisions/\d{4}-\d+/$")).expect("Tax on a vehicle that was sold.")
        if case.name in anybody.page.text:
            raise NotAsExpected(f"{anybody.url}: tells who it was")
        named = anybody.url.rstrip("/").rpartition("/")[2]
        (stage.folder / "decision.json").write_bytes(anybody.open(anybody.link("decision.json")).content)
    say(f"[court] Decision {named} is published with nobody in it, and found by its words")
