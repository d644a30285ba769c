"""How a payment looks on the wire."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sandbox.acquirer.book import Movement, Payment
from sandbox.acquirer.states import Kind, Status
from sandbox.cards import masked
from sandbox.clock import city_date, iso

LISTED_DEPOSITS = 100


def payment_object(payment: Payment, *, public_url: str, now: int) -> dict[str, Any]:
    return {
        "version": "2026-06-01",
        "mId": "sandbox",
        "type": "NORMAL",
        "paymentKey": payment.key,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "lastTransactionKey": payment.movements[-1].key if payment.movements else None,
        "method": payment.method,
        "status": payment.status,
        "currency": payment.currency,
        "totalAmount": payment.total,
        "balanceAmount": payment.balance,
        "requestedAt": iso(payment.requested_at),
        "approvedAt": iso(payment.approved_at) if payment.approved_at is not None else None,
        "expiresAt": iso(payment.expires_at),
        "card": _card(payment) if payment.method == "CARD" else None,
        "virtualAccount": _account(payment, now) if payment.method == "VIRTUAL_ACCOUNT" else None,
        "storeCode": _store_code(payment) if payment.at_a_till else None,
        "secret": payment.secret,
        "cancels": _cancels(payment),
        "chargebacks": [m.key for m in payment.movements if m.kind == Kind.CHARGEBACK] or None,
        "failure": payment.failure,
        "checkout": {"url": f"{public_url}/checkout/{payment.key}"} if payment.on_a_page else None,
        "phoneEntry": {"telephone": masked(payment.telephone)} if payment.telephone else None,
    }


def _card(payment: Payment) -> dict[str, Any] | None:
    if payment.card_number is None:
        return None
    return {
        "issuerCode": "99",
        "acquirerCode": "99",
        "number": payment.card_number,
        "approveNo": payment.approve_no,
        "transactionKey": payment.movements[0].key if payment.movements else None,
        "installmentPlanMonths": 0,
        "cardType": "CREDIT",
        "amount": payment.total,
    }


def _account(payment: Payment, now: int) -> dict[str, Any]:
    deposits = [m for m in payment.movements if m.kind in (Kind.DEPOSIT, Kind.DEPOSIT_RETURN)]
    return {
        "accountNumber": payment.account_number,
        "bankCode": payment.bank,
        "customerName": payment.customer_name,
        "dueDate": iso(payment.expires_at),
        "expired": payment.status == Status.EXPIRED,
        "closed": payment.closed,
        "settlementStatus": "COMPLETED" if _paid_out(payment, now) else "INCOMPLETED",
        "refundStatus": _refund_status(payment),
        "depositedAmount": payment.deposited,
        "refundReceiveAccount": payment.refund_account,
        "deposits": [_deposit(movement) for movement in deposits[:LISTED_DEPOSITS]],
    }


def _store_code(payment: Payment) -> dict[str, Any]:
    moved = [m for m in payment.movements if m.kind in (Kind.DEPOSIT, Kind.DEPOSIT_RETURN)]
    return {
        "number": payment.account_number,
        "expiresAt": iso(payment.expires_at),
        "expired": payment.status == Status.EXPIRED,
        "payments": [_deposit(movement) for movement in moved[:LISTED_DEPOSITS]],
    }


def _deposit(movement: Movement) -> dict[str, Any]:
    return {
        "transactionKey": movement.key,
        "kind": movement.kind,
        "amount": movement.amount,
        "depositorName": movement.depositor,
        "depositedAt": iso(movement.at),
        "originalTransactionKey": movement.original_key,
    }


def _cancels(payment: Payment) -> list[dict[str, Any]] | None:
    left, rows = 0, []
    for movement in payment.movements:
        left += movement.signed
        if movement.kind == Kind.CANCEL:
            rows.append(
                {
                    "transactionKey": movement.key,
                    "cancelReason": movement.reason,
                    "cancelAmount": movement.amount,
                    "refundableAmount": left,
                    "canceledAt": iso(movement.at),
                    "cancelStatus": "DONE",
                }
            )
    return rows or None


def _refund_status(payment: Payment) -> str:
    if not any(movement.kind == Kind.CANCEL for movement in payment.movements):
        return "NONE"
    return "PARTIAL" if payment.held else "COMPLETED"


def _paid_out(payment: Payment, now: int) -> bool:
    if not payment.movements:
        return False
    return paid_out_date(city_date(payment.movements[-1].at)) <= city_date(now)


def paid_out_date(sold: str) -> str:
    """Two weekdays after the day of the movement.

    >>> paid_out_date("2026-06-19")  # a Friday
    '2026-06-23'
    """
    day, left = date.fromisoformat(sold), 2
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day.isoformat()
