"""The same small cast: a payer who files, pays, and looks again."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from html import unescape
from typing import Any

from accounts.models import Taxpayer
from billing.models import Bill
from filing.models import Return
from tests.billing.people import citizen_client
from tests.payments.cast import BillFacts
from tests.support.database import AsRole
from tests.support.faces import FaceClient

ENGLISH = {"accept-language": "en"}


@dataclass(frozen=True)
class Payer:
    client: FaceClient
    taxpayer: Taxpayer

    def sees(self, kind: str, /, **declared: Any) -> dict[str, Any]:
        """The page of what it comes to, and all that its form holds: sent on with `step` it is filed."""
        return sees(self.client, f"/returns/new/{kind}/", declared | self._who())

    def amends(self, filed: Return, **declared: Any) -> dict[str, Any]:
        return sees(self.client, f"/returns/{filed.pk}/amend/", declared)

    def files(self, kind: str, /, **declared: Any) -> Return:
        sent = self.client.post(f"/returns/new/{kind}/", self.sees(kind, **declared) | {"step": "file"})
        assert sent.status_code == 302, sent.content.decode()
        return Return.objects.latest("pk")

    def files_amended(self, filed: Return, **declared: Any) -> Return:
        form = self.amends(filed, **declared) | {"step": "file"}
        assert self.client.post(f"/returns/{filed.pk}/amend/", form).status_code == 302
        return Return.objects.latest("pk")

    def _who(self) -> dict[str, Any]:
        return {"taxpayer": self.taxpayer.pk, "body": "11110"}


def sees(client: FaceClient, page: str, declared: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(page, declared | {"step": "preview"}, headers=ENGLISH)
    text = answer.content.decode()
    assert answer.status_code == 200, re.sub(r"<[^>]+>\s*", " ", text[text.find("<main") :])
    hidden = re.findall(r'<input type="hidden"\s+name="([a-z_0-9]+)"\s+value="([^"]*)">', text)
    return {name: unescape(value) for name, value in hidden if name != "csrfmiddlewaretoken"}


def a_taxpayer() -> Taxpayer:
    name = f"홍길동{secrets.token_hex(3)}"
    return Taxpayer.objects.create(kind="individual", name=name, birth_date="1850-03-01")


def a_payer(as_role: AsRole) -> Payer:
    taxpayer = a_taxpayer()
    return Payer(citizen_client(as_role, taxpayer), taxpayer)


def bill_of(filed: Return) -> BillFacts:
    filed.refresh_from_db()
    assert filed.bill is not None
    return BillFacts(filed.bill.pk, filed.bill.epay_number, filed.bill.amount, "", filed.taxpayer_id)


def lines(bill: Bill) -> dict[str, int]:
    return dict(bill.lines.order_by("position").values_list("tax_id", "amount"))
