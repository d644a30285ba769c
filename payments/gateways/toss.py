"""Adapter to Toss Payments, written from docs/protocols/toss.md: cards on its payment window, virtual accounts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx

from payments.gateways import reading, toss_reading
from payments.gateways.base import (
    Capability,
    Declined,
    GatewayPayment,
    HostedPage,
    IssuedAccount,
    Notification,
    Order,
    Outcome,
    Pending,
    ReturnAccount,
    SettlementLine,
    Succeeded,
    Unknown,
    UnreadableNotification,
)
from payments.gateways.http import Answer, BoundedClient
from payments.gateways.undeclared import Undeclared

T = TypeVar("T")
SETTLED_AT_ONCE: Final = 1000
# Lists take up to a minute.
PATIENCE: Final = httpx.Timeout(65.0, connect=2.0)
# Answers that do not say what became of the payment; ask for it.
UNDECIDED: Final = frozenset({"ALREADY_PROCESSED_PAYMENT", "DUPLICATED_ORDER_ID", "IDEMPOTENT_REQUEST_PROCESSING"})
# A passing error, our own mistake, or our key's: says nothing about the payment.
SAYS_NOTHING: Final = frozenset(
    {
        "PROVIDER_ERROR",
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "FORBIDDEN_REQUEST",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_API_KEY",
        "INVALID_IDEMPOTENCY_KEY",
        "NOT_FOUND_HTTP_METHOD",
        "UNAUTHORIZED_KEY",
    }
)
# Once a deposit came, a cancellation that names no account to pay it back to is refused.
DEPOSITED: Final = "INVALID_REFUND_ACCOUNT_INFO"
NOT_FOUND: Final = "NOT_FOUND_PAYMENT"
BANKS: Final = {
    "02": "KDB산업은행 (KDB)",
    "03": "IBK기업은행 (IBK)",
    "06": "KB국민은행 (KB)",
    "07": "Sh수협은행 (Suhyup)",
    "11": "NH농협은행 (NH)",
    "20": "우리은행 (Woori)",
    "23": "SC제일은행 (SC First)",
    "31": "iM뱅크 (iM Bank)",
    "32": "부산은행 (Busan)",
    "34": "광주은행 (Gwangju)",
    "35": "제주은행 (Jeju)",
    "37": "전북은행 (Jeonbuk)",
    "39": "경남은행 (Kyongnam)",
    "45": "새마을금고 (MG)",
    "48": "신협 (Shinhyup)",
    "50": "저축은행 (savings banks)",
    "71": "우체국 (Korea Post)",
    "81": "하나은행 (Hana)",
    "88": "신한은행 (Shinhan)",
    "89": "케이뱅크 (K bank)",
}


class Toss(Undeclared):
    """Cards and virtual accounts. Its webhooks are hints: neither kind is signed, and one of them names no amount."""

    name = "toss"
    capabilities = frozenset(
        {
            Capability.HOSTED_PAGE,
            Capability.CARD,
            Capability.CONFIRM,
            Capability.ISSUE_ACCOUNT,
            Capability.CLOSE_ACCOUNT,
            Capability.CANCEL,
            Capability.PARTIAL_CANCEL,
            Capability.INQUIRE,
            Capability.SETTLEMENTS,
        }
    )
    banks: Mapping[str, str] = BANKS

    def __init__(self, *, url: str, key: str = "", currency: str = "KRW") -> None:
        self._client = BoundedClient(url=url, key=key)
        self._lists = BoundedClient(url=url, key=key, timeout=PATIENCE)
        self._currency = currency

    def close(self) -> None:
        self._client.close()
        self._lists.close()

    def open_page(self, *, order: Order, success_url: str, fail_url: str) -> Outcome[HostedPage]:
        body = {**_order(order), "method": "카드", "successUrl": success_url, "failUrl": fail_url}
        return _outcome(self._post("/v1/payments", body), toss_reading.page)

    def confirm(self, *, reference: str, gateway_key: str, amount: int) -> Outcome[GatewayPayment]:
        body = {"paymentKey": gateway_key, "orderId": reference, "amount": amount}
        return self._paid(self._post("/v1/payments/confirm", body))

    def issue_account(self, *, order: Order, bank: str, holder: str, expires_at: datetime) -> Outcome[IssuedAccount]:
        due = toss_reading.written(expires_at)
        body = {**_order(order), "customerName": holder[:100], "bank": bank, "dueDate": due}
        return _outcome(self._post("/v1/virtual-accounts", body), _issued)

    def close_account(self, *, gateway_key: str) -> Outcome[GatewayPayment]:
        """Cancel what waits. Where a deposit was quicker nothing is given back, and the answer is that deposit."""
        answer = self._post(_path(gateway_key) + "/cancel", {"cancelReason": "계좌 해지"})
        if isinstance(answer, Answer) and not answer.good and answer.code in {DEPOSITED, "ALREADY_CANCELED_PAYMENT"}:
            answer = self._client.get(_path(gateway_key))
        return self._paid(answer)

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
        given = believed if amount is None else amount
        body: dict[str, object] = {"cancelReason": reason[:200], "refundableAmount": believed, "taxFreeAmount": given}
        if amount is not None:
            body["cancelAmount"] = amount
        if to is not None:
            body["refundReceiveAccount"] = {"bank": to.bank, "accountNumber": to.number, "holderName": to.holder}
        return self._paid(self._post(_path(gateway_key) + "/cancel", body, key=key))

    def inquire(self, *, reference: str) -> Outcome[GatewayPayment]:
        return self._paid(self._client.get(f"/v1/payments/orders/{quote(reference, safe='')}"))

    def settlements(self, *, start: date, end: date, page: int) -> Outcome[Sequence[SettlementLine]]:
        span = {"startDate": start.isoformat(), "endDate": end.isoformat()}
        answer = self._lists.get("/v1/settlements", params={**span, "page": str(page), "size": str(SETTLED_AT_ONCE)})
        return _outcome(answer, _settlements)

    def read_notification(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Notification:
        """Whom to ask about, and the secret where there is one. Who keeps the secrets compares it."""
        try:
            values = json.loads(body)
            data = reading.section(values, "data") if "eventType" in values else values
            if values.get("eventType", "PAYMENT_STATUS_CHANGED") != "PAYMENT_STATUS_CHANGED":
                raise reading.Unreadable("eventType")
            needs_secret = "eventType" not in values or data.get("secret") is not None
            return Notification(
                reference=reading.text(data, "orderId", most=64),
                currency=self._currency,
                movement=None,
                secret=reading.text(data, "secret", most=50) if needs_secret else "",
            )
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise UnreadableNotification(f"{type(error).__name__}: {error}"[:200]) from error

    def _post(self, path: str, body: Mapping[str, object], *, key: str = "") -> Answer | Unknown:
        """Their idempotency does not look at the body, and confirmations of all payments share one address: a key made
        of the body names one request and no other."""
        digest = hashlib.sha256(json.dumps([path, key, body], sort_keys=True).encode()).hexdigest()
        return self._client.post(path, body=body, key=digest)

    def _paid(self, answer: Answer | Unknown) -> Outcome[GatewayPayment]:
        """The payment; of one that was cancelled the approval is looked up among the transactions of its second."""
        found = _outcome(answer, toss_reading.payment)
        if not isinstance(found, Succeeded) or not isinstance(answer, Answer):
            return found
        values = answer.body
        if not toss_reading.was_cancelled(values):
            return found
        approved_at = toss_reading.moment(values, "approvedAt")
        span = {
            "startDate": toss_reading.written(approved_at),
            "endDate": toss_reading.written(approved_at + timedelta(seconds=1)),
        }
        listed = self._lists.get("/v1/transactions", params={**span, "limit": "5000"})
        return _outcome(listed, lambda rows: toss_reading.with_approval(found.value, values, rows))


def _order(order: Order) -> dict[str, object]:
    """Taxes bear no value-added tax."""
    return {
        "orderId": order.reference,
        "amount": order.amount,
        "taxFreeAmount": order.amount,
        "orderName": order.title[:100],
    }


def _path(gateway_key: str) -> str:
    return f"/v1/payments/{quote(gateway_key, safe='')}"


def _issued(values: Any) -> IssuedAccount:
    account = toss_reading.payment(values).account
    if account is None:
        raise reading.Unreadable("virtualAccount")
    return account


def _settlements(rows: Any) -> list[SettlementLine]:
    if not isinstance(rows, list):
        raise reading.Unreadable("settlements")
    return [toss_reading.settlement(row) for row in rows]


def _outcome(answer: Answer | Unknown, read: Callable[[Any], T]) -> Outcome[T]:
    if isinstance(answer, Unknown):
        return answer
    if answer.good:
        try:
            return Succeeded(read(answer.body))
        except (reading.Unreadable, AttributeError) as error:
            return Unknown(f"unreadable answer: {error}")
    if answer.code in UNDECIDED:
        return Pending()
    if answer.code in SAYS_NOTHING or answer.status in {408, 429} or answer.code.startswith("HTTP_"):
        return Unknown(answer.code)
    return Declined(answer.code, not_found=answer.code == NOT_FOUND)
