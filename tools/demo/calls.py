"""People who call the city and pay while they are on the line."""

from __future__ import annotations

from tools.demo.stage import LISTENER, TEXTED, Bill, Stage, won
from tools.demo.visitor import Visitor
from tools.demo.world import pay_on_the_card_page, press_keys


def callers_pay(stage: Stage) -> None:
    """An agent checks who calls, then lets them pay in one of two ways; no agent hears or sees a card number."""
    with stage.officer("call_agent") as agent:
        _presses_keys(stage, agent)
        _gets_a_link(stage, agent)


def _presses_keys(stage: Stage, agent: Visitor) -> None:
    """The payment company takes the call over; the card is typed on the telephone."""
    bill, telephone = stage.bills[LISTENER[0]], "01099960006"
    _speak(agent, LISTENER, bill).submit(way="keys", telephone=telephone, language="ko")
    agent.wait_for("Waiting for the keys")
    with Visitor(stage.city.ports.url("acquirer")) as caller:
        press_keys(caller, telephone=telephone)
    agent.wait_for("Payment complete")
    name = stage.people["call_agent"]["name"]
    checked = f"{LISTENER[1]} calls, and {name} (agent) checks who it is"
    stage.paid("keys of the telephone (ARS)", f"{checked}; a card is typed, {won(bill.amount)} won")


def _gets_a_link(stage: Stage, agent: Visitor) -> None:
    """A text message with a link that opens once, for exactly this bill."""
    bill, telephone = stage.bills[TEXTED[0]], "01099960005"
    _speak(agent, TEXTED, bill).submit(way="link", telephone=telephone, language="ko")
    agent.wait_for("Delivered")
    with Visitor(stage.city.ports.url("sms")) as caller:
        caller.open("/").submit(telephone=telephone)
        caller.open(caller.link(r"/l/")).submit()
        caller.expect(won(bill.amount)).submit(channel="card", who="self")
        pay_on_the_card_page(caller, holder=TEXTED[1])
        caller.wait_for("영수증 내려받기")
    stage.paid("link by text message (SMS)", f"{TEXTED[1]} calls too and pays {won(bill.amount)} won by card")


def _speak(agent: Visitor, person: tuple[str, str, str], bill: Bill) -> Visitor:
    """The agent begins a call, asks, chooses the bill; ends where the way to pay is chosen."""
    _, name, number = person
    agent.open("/calls/").submit(to="/calls/new/")
    born = f"18{number[:2]}-{number[2:4]}-{number[4:6]}"
    agent.submit(epay_number=bill.epay_number, name=name, birth_date=born).expect(won(bill.amount))
    return agent.submit(to="/pay/").expect(won(bill.amount))
