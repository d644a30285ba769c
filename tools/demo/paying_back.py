"""What was paid too much is found by itself, decided by two officers, and comes back to the payer's account."""

from __future__ import annotations

import re

from tools.demo.stage import TOO_MUCH, VISITOR, Stage, say, won
from tools.demo.visitor import NotAsExpected, Visitor
from tools.demo.world import open_account, prove_identity

BANK, NUMBER = "20", "100200300401"


def overpayment_comes_back(stage: Stage) -> None:
    """The payer names an account, whose bank is asked whose it is; the bank that took the money gives it back."""
    person_id, name, _ = VISITOR
    open_account(stage.city.ports.url("acquirer"), bank=BANK, number=NUMBER, holder=name)
    with Visitor(stage.city.ports.url("public"), language="en") as payer:
        payer.open("/sign-in/identity/").submit()
        prove_identity(payer, person_id=person_id)
        payer.wait_for("Sign out").open("/refunds/").wait_for(won(TOO_MUCH))
        say(f"{name} signs in and finds {won(TOO_MUCH)} won that the city owes back, without having asked")
        refund = payer.link(r"/refunds/\d+/$")
        payer.open(payer.link(r"/refunds/account/\d+/$")).submit(bank=BANK, number=NUMBER)
        payer.wait_for("The holder is the taxpayer")
        say(f"{name} names an account; its bank says that {name} holds it")
        payer.open(refund).submit(way="account")
        sums = re.search(r"Refund ([\d,]+) won Interest on the refund ([\d,]+) won", payer.page.text)
        if sums is None:
            raise NotAsExpected(f"{payer.url}: no sums; the page says: {payer.page.text}")
        two_officers_decide(stage, re.sub(r".*/refunds", "/refunds", refund))
        payer.open(refund).wait_for("Paid back").expect(f"…{NUMBER[-4:]}")
    back = f"{sums[1]} won and {sums[2]} won of interest come back to the account of {name} at bank {BANK}"
    say(f"[refund] {back}, which ends in {NUMBER[-4:]}")


def two_officers_decide(stage: Stage, refund: str, *, reason: str = "paid more than the bill asked") -> None:
    """One assesses what is to be paid back, another approves it."""
    people = stage.people
    with stage.officer("collector") as first, stage.officer("refund_approver") as second:
        first.open(refund).submit(to="/assess/", reason=reason)
        second.open(refund).wait_for("Computed for")
        second.submit(to="/approve/", verdict="approve").expect("Approved. It is being paid back.")
        first_name, second_name = people["collector"]["name"], people["refund_approver"]["name"]
        say(f"{first_name} (collector) assesses it, {second_name} (refund approver) approves it")
