"""The banks with which the city keeps accounts: the dated table `banks` of the city pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from billing.selectors.city import dated_tables
from core.errors import Refusal

MOST_BANKS: Final = 20


class UnknownBank(Refusal):
    message = _("The city has no account at this bank. Choose one of the list.")


@dataclass(frozen=True)
class Bank:
    """`account` is the city's own; `numbers` are the virtual accounts it may give out: first, how many, digits.

    Between two holders a number rests `rest_days`.
    """

    code: str
    name_ko: str
    name_en: str
    account: str
    numbers: tuple[int, int, int]
    rest_days: int

    @property
    def gateway(self) -> str:
        """The source of this bank's movements."""
        return f"statement:{self.code}"

    @property
    def name(self) -> str:
        return f"{self.name_ko} ({self.name_en})"


def banks(*, on: date) -> dict[str, Bank]:
    """By the code that banks themselves use ("088"); at most twenty."""
    body = dated_tables().at("banks", on).body
    rows = body["banks"][:MOST_BANKS]
    return {
        row["code"]: Bank(
            row["code"],
            row["name_ko"],
            row["name_en"],
            row["account"],
            (int(row["numbers"]["first"]), int(row["numbers"]["count"]), len(row["numbers"]["first"])),
            body["rest_days"],
        )
        for row in rows
    }


def bank(code: str, *, on: date) -> Bank:
    """Raises `UnknownBank`."""
    found = banks(on=on).get(code)
    if found is None:
        raise UnknownBank
    return found
