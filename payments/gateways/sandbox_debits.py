"""Mandates and debits at the sandbox acquirer, written from docs/protocols/acquirer.md."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from payments.gateways import reading
from payments.gateways.base import GatewayPayment, HostedPage, Order, Outcome, Pending, Stage, Succeeded
from payments.gateways.http import BoundedClient
from payments.gateways.mandate import DebitRefusal, GatewayMandate, MandateStage, MandateWish
from payments.gateways.sandbox_answers import outcome
from payments.gateways.undeclared import Undeclared

REFUSALS: Final = {
    "INSUFFICIENT_FUNDS": DebitRefusal.FUNDS,
    "ACCOUNT_CLOSED": DebitRefusal.ACCOUNT,
    "MANDATE_REVOKED": DebitRefusal.MANDATE,
}
STAGES: Final = {
    "READY": MandateStage.WAITING,
    "AGREED": MandateStage.AGREED,
    "ACTIVE": MandateStage.ACTIVE,
    "REFUSED": MandateStage.REFUSED,
    "EXPIRED": MandateStage.REFUSED,
    "ENDED": MandateStage.ENDED,
}


class SandboxDebits(Undeclared):
    """The part of the adapter that asks for mandates and debits by them."""

    refusals: Mapping[str, DebitRefusal] = REFUSALS
    _client: BoundedClient
    _currency: str

    def open_mandate(self, *, wish: MandateWish, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        body = {
            "mandateId": wish.reference,
            "bank": wish.bank,
            "purpose": wish.purpose[:100],
            "locale": wish.language,
            "successUrl": success_url,
            "failUrl": fail_url,
        }
        return outcome(self._client.post("/v1/mandates", body=body, key=f"{wish.reference}-open"), _page)

    def confirm_mandate(self, *, reference: str, gateway_key: str) -> Outcome[GatewayMandate]:
        path = f"/v1/mandates/{quote(gateway_key, safe='')}/confirm"
        # Repeatable by itself. A new key each time, so that no memory of an earlier "not agreed yet" answers for it.
        key = f"{reference}-confirm-{secrets.token_hex(8)}"
        return outcome(self._client.post(path, body={"mandateId": reference}, key=key), _mandate)

    def revoke_mandate(self, *, gateway_key: str) -> Outcome[GatewayMandate]:
        path = f"/v1/mandates/{quote(gateway_key, safe='')}/revoke"
        return outcome(self._client.post(path, body={}, key=f"{gateway_key[:290]}-revoke"), _mandate)

    def mandate(self, *, reference: str) -> Outcome[GatewayMandate]:
        return outcome(self._client.get(f"/v1/mandates/ids/{quote(reference, safe='')}"), _mandate)

    def debit(self, *, mandate_key: str, order: Order) -> Outcome[GatewayPayment]:
        body = {
            "mandateKey": mandate_key,
            "orderId": order.reference,
            "amount": order.amount,
            "currency": self._currency,
            "orderName": order.title[:100],
        }
        answer = self._client.post("/v1/debits", body=body, key=f"{order.reference}-debit")
        told = outcome(answer, reading.payment)
        still_at_it = isinstance(told, Succeeded) and told.value.stage == Stage.PROCESSING
        return Pending() if still_at_it else told


def _page(values: Any) -> HostedPage:
    mandate = _mandate(values)
    if mandate.expires_at is None:
        raise reading.Unreadable("expiresAt")
    return HostedPage(mandate.gateway_key, mandate.page_url, mandate.expires_at)


def _mandate(values: Any) -> GatewayMandate:
    if not isinstance(values, Mapping):
        raise reading.Unreadable("mandate")
    status = reading.text(values, "status", most=40)
    if status not in STAGES:
        raise reading.Unreadable("status")
    failure = values.get("failure")
    return GatewayMandate(
        reference=reading.text(values, "mandateId", most=64),
        gateway_key=reading.text(values, "mandateKey"),
        stage=STAGES[status],
        bank=reading.text(values, "bank", most=3),
        account=reading.text(values, "accountNumber", most=20) if values.get("accountNumber") else "",
        page_url=reading.text(values, "mandateUrl", most=2000),
        expires_at=reading.moment(values, "expiresAt") if values.get("expiresAt") else None,
        since=reading.moment(values, "activatedAt") if values.get("activatedAt") else None,
        ended_at=reading.moment(values, "endedAt") if values.get("endedAt") else None,
        failure=str(failure.get("code", ""))[:60] if isinstance(failure, Mapping) else "",
    )
