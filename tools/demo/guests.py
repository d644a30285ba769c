"""Payers without an account: each finds the bill by the number on the paper and chooses a way to pay."""

from __future__ import annotations

import re

from tools.city import City
from tools.demo.visitor import NotAsExpected, Visitor
from tools.demo.world import pay_at_a_till, pay_on_the_telephone


def by_telephone(city: City, *, epay_number: str, name: str, channel: str) -> None:
    """`channel` is "wallet" or "carrier": agreed to on the payer's own telephone, on the gateway's page."""
    with Visitor(city.ports.url("public"), language="en") as payer:
        _choose(payer, epay_number, name, channel)
        pay_on_the_telephone(payer)
        payer.wait_for("Payment complete")


def at_a_store(city: City, *, epay_number: str, name: str) -> str:
    """The number that was given out and that the till took; the page tells by itself that it is paid."""
    with Visitor(city.ports.url("public"), language="en") as payer:
        _choose(payer, epay_number, name, "convenience_store")
        standing = payer.url
        number = re.search(r"Number for the till ([\d -]+\d)", payer.expect("Number for the till").page.text)
        if number is None:
            raise NotAsExpected(f"{standing}: no number for the till; the page says: {payer.page.text}")
        pay_at_a_till(payer, till_url=city.ports.url("acquirer") + "/till", number=number[1])
        payer.open(standing).wait_for("Payment complete")
        return number[1]


def _choose(payer: Visitor, epay_number: str, name: str, channel: str) -> None:
    payer.open("/bills/find/").submit(epay_number=epay_number, name=name)
    payer.open(payer.link(r"/pay/\d+/$")).submit(channel=channel, who="self")
