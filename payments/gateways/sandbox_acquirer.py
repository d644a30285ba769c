"""Adapter to the sandbox's acquirer and bank, written from docs/protocols/acquirer.md."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from payments.gateways import reading, standard_webhooks
from payments.gateways.base import (
    Capability,
    EvidenceFile,
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    IssuedCode,
    Movement,
    Notification,
    Objection,
    Order,
    Outcome,
    PhoneEntry,
    ReturnAccount,
    SettlementLine,
    Succeeded,
    UnreadableNotification,
)
from payments.gateways.http import Answer, BoundedClient
from payments.gateways.sandbox_answers import outcome
from payments.gateways.sandbox_debits import SandboxDebits

MANDATE_TOLD: Final = "MANDATE_STATUS_CHANGED"
FILES: Final = {"pdf": "application/pdf", "png": "image/png"}
# A cardholder may object long after.
MOVES_AT_MOST: Final = timedelta(days=800)
BANKS: Final = {
    "03": "IBK기업은행 (IBK)",
    "06": "KB국민은행 (KB)",
    "11": "NH농협은행 (NH)",
    "20": "우리은행 (Woori)",
    "81": "하나은행 (Hana)",
    "88": "신한은행 (Shinhan)",
}


class SandboxAcquirer(SandboxDebits):
    """Hosted page, cards by telephone keys, accounts, codes for stores, debits, giving back, objections."""

    name = "sandbox_acquirer"
    capabilities = frozenset(Capability) - {Capability.CAPTURE}
    banks: Mapping[str, str] = BANKS
    most_by_code = 500_000

    def __init__(self, *, url: str, key: str = "", webhook_secret: str = "", currency: str = "KRW") -> None:
        self._client = BoundedClient(url=url, key=key)
        self._webhook_secret = webhook_secret
        self._currency = currency

    def close(self) -> None:
        self._client.close()

    def open_page(self, *, order: Order, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        page = {"method": order.method.upper(), "successUrl": success_url, "failUrl": fail_url}
        body = {**self._order(order), "locale": order.language, **page}
        answer = self._client.post("/v1/checkouts", body=body, key=f"{order.reference}-open")
        return outcome(
            answer,
            lambda values: HostedPage(
                reading.text(values, "paymentKey"),
                reading.text(values, "checkoutUrl", most=2000),
                reading.moment(values, "expiresAt"),
            ),
        )

    def open_phone_entry(self, *, order: Order, telephone: str) -> Outcome[PhoneEntry]:
        body = {**self._order(order), "locale": order.language, "telephone": telephone}
        answer = self._client.post("/v1/phone-entries", body=body, key=f"{order.reference}-phone")
        return outcome(
            answer,
            lambda values: PhoneEntry(reading.text(values, "paymentKey"), reading.moment(values, "expiresAt")),
        )

    def confirm(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]:
        body = {"paymentKey": gateway_key, "orderId": reference, "amount": amount}
        answer = self._client.post("/v1/payments/confirm", body=body, key=f"{reference}-confirm")
        return outcome(answer, reading.payment)

    def issue_account(self, *, order: Order, bank: str, holder: str, expires_at: datetime) -> Outcome[IssuedAccount]:
        due = expires_at.isoformat(timespec="seconds")
        body = {**self._order(order), "customerName": holder[:100], "bank": bank, "dueDate": due}
        answer = self._client.post("/v1/virtual-accounts", body=body, key=f"{order.reference}-account")
        return outcome(answer, _issued)

    def issue_code(self, *, order: Order, expires_at: datetime) -> Outcome[IssuedCode]:
        body = {**self._order(order), "expiresAt": expires_at.isoformat(timespec="seconds")}
        return outcome(self._client.post("/v1/store-codes", body=body, key=f"{order.reference}-code"), _code)

    def close_account(self, *, gateway_key: str) -> Outcome[GatewayPayment]:
        path = f"/v1/virtual-accounts/{quote(gateway_key, safe='')}/close"
        return outcome(self._client.post(path, body={}, key=f"{gateway_key[:290]}-close"), reading.payment)

    def cancel(
        self,
        *,
        gateway_key: str,
        reason: str,
        amount: int | None,
        believed: int,
        key: str,
        to: ReturnAccount | None = None,
    ) -> Outcome[GatewayPayment]:
        body: dict[str, object] = {"cancelReason": reason, "refundableAmount": believed}
        if amount is not None:
            body["cancelAmount"] = amount
        if to is not None:
            body["refundReceiveAccount"] = {"bank": to.bank, "accountNumber": to.number, "holderName": to.holder}
        path = f"/v1/payments/{quote(gateway_key, safe='')}/cancel"
        return outcome(self._client.post(path, body=body, key=key), reading.payment)

    def inquire(self, *, reference: str) -> Outcome[GatewayPayment]:
        answer = self._client.get(f"/v1/payments/orders/{quote(reference, safe='')}")
        found = outcome(answer, reading.payment)
        if not isinstance(found, Succeeded) or not isinstance(answer, Answer):
            return found
        moved_since = answer.body.get("cancels") or answer.body.get("chargebacks")
        return self._with_all_movements(found.value, answer.body) if moved_since else found

    def _with_all_movements(self, payment: GatewayPayment, values: Mapping[str, Any]) -> Outcome[GatewayPayment]:
        """After a cancel the payment object no longer names its approval; the list of movements does."""
        start = reading.moment(values, "requestedAt")
        until = start + MOVES_AT_MOST
        params = {"startDate": start.isoformat(), "endDate": until.isoformat(), "limit": "1000"}
        params["orderId"] = payment.reference
        found: list[Movement] = []
        for _ in range(100):
            page = outcome(self._client.get("/v1/transactions", params=params), _list_of_objects)
            if not isinstance(page, Succeeded):
                return page
            if not page.value:
                break
            own = [row for row in page.value if row.get("orderId") == payment.reference]
            found += [reading.movement(row, at="transactionAt") for row in own]
            params["startingAfter"] = reading.text(page.value[-1], "transactionKey", most=64)
        return Succeeded(
            GatewayPayment(
                reference=payment.reference,
                gateway_key=payment.gateway_key,
                stage=payment.stage,
                amount=payment.amount,
                currency=payment.currency,
                movements=tuple(found),
                expires_at=payment.expires_at,
                account=payment.account,
                code=payment.code,
            )
        )

    def settlements(self, *, start: date, end: date, page: int) -> Outcome[Sequence[SettlementLine]]:
        params = {"startDate": start.isoformat(), "endDate": end.isoformat(), "page": str(page), "size": "1000"}
        answer = self._client.get("/v1/settlements", params=params)
        return outcome(answer, lambda values: [reading.settlement(row) for row in _list_of_objects(values)])

    def holder(self, *, bank: str, number: str) -> Outcome[str]:
        answer = self._client.get("/v1/accounts/holder", params={"bank": bank, "accountNumber": number})
        return outcome(answer, lambda values: reading.text(values, "holderName", most=60))

    def objection(self, *, movement_id: str) -> Outcome[Objection]:
        return outcome(self._client.get(f"/v1/chargebacks/{quote(movement_id, safe='')}"), reading.objection)

    def represent(
        self, *, movement_id: str, statement: str, evidence: Sequence[EvidenceFile], key: str
    ) -> Outcome[Objection]:
        files = [
            {
                "name": one.name,
                "contentType": FILES[one.kind],
                "content": base64.b64encode(one.content).decode(),
            }
            for one in evidence
        ]
        path = f"/v1/chargebacks/{quote(movement_id, safe='')}/representment"
        body = {"statement": statement, "evidence": files}
        return outcome(self._client.post(path, body=body, key=key), reading.objection)

    def read_notification(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Notification:
        standard_webhooks.verify(secret=self._webhook_secret, body=body, headers=headers, at=at)
        try:
            told = json.loads(body)
            data = reading.section(told, "data")
            if reading.text(told, "eventType", most=60) == MANDATE_TOLD:
                reference = reading.text(data, "mandateId", most=64)
                return Notification(reference, self._currency, movement=None, mandate=True)
            moved = data.get("transactionKey") is not None
            return Notification(
                reference=reading.text(data, "orderId", most=64),
                currency=reading.text(data, "currency", most=3),
                movement=reading.movement(data, at="occurredAt") if moved else None,
                objection=_objection_told(data),
            )
        except (ValueError, RecursionError) as error:
            raise UnreadableNotification(f"{type(error).__name__}: {error}"[:200]) from error

    def _order(self, order: Order) -> dict[str, object]:
        return {
            "orderId": order.reference,
            "amount": order.amount,
            "currency": self._currency,
            "orderName": order.title[:100],
        }


def _objection_told(data: Mapping[str, Any]) -> Objection | None:
    if data.get("chargebackKey") is None:
        return None
    return reading.objection(data, key="chargebackKey", amount_of="chargebackAmount")


def _issued(values: Any) -> IssuedAccount:
    account = reading.payment(values).account
    if account is None:
        raise reading.Unreadable("virtualAccount")
    return account


def _code(values: Any) -> IssuedCode:
    code = reading.payment(values).code
    if code is None:
        raise reading.Unreadable("storeCode")
    return code


def _list_of_objects(values: Any) -> list[dict[str, Any]]:
    if not isinstance(values, list) or not all(isinstance(row, dict) for row in values):
        raise reading.Unreadable("list")
    return values
