"""How the city sends money: the dated table `transfers` of the city pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from billing.selectors.city import dated_tables


@dataclass(frozen=True)
class BodyAccount:
    """Where a levying body wants its money; `bank` is three digits."""

    bank: str
    account: str
    holder: str


@dataclass(frozen=True)
class TransferRules:
    """`bank`: the one out of whose account the city pays. `file_from`: the hour from which on a day's file is written.

    `ask_after`: after so long without an answer the bank gets the same file again.
    """

    bank: str
    file_from: time
    ask_after: timedelta
    accounts: Mapping[str, BodyAccount]


def transfer_rules(*, on: date) -> TransferRules:
    """As the city pack says for a day."""
    body = dated_tables().at("transfers", on).body
    return TransferRules(
        body["bank"],
        time.fromisoformat(body["file_from"]),
        timedelta(hours=body["ask_after_hours"]),
        {row["body"]: BodyAccount(row["bank"], row["account"], row["holder"]) for row in body["accounts"]},
    )
