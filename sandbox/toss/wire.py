"""How a payment looks on the wire: Toss Payments' Payment object, version 2022-11-16."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import CITY, city_date, iso
from sandbox.toss.book import Movement, Payment
from sandbox.toss.states import CANCELLATIONS, Kind, Status

VERSION = "2022-11-16"
MERCHANT = "sandbox"
REFUNDED_AFTER = timedelta(days=2)
NOTHING = (
    "mobilePhone",
    "giftCertificate",
    "cashReceipt",
    "cashReceipts",
    "discount",
    "easyPay",
    "transfer",
    "metadata",
)


def payment_object(payment: Payment, *, public_url: str, now: int) -> dict[str, Any]:
    free = min(payment.tax_free, payment.balance)
    vat = _rounded_eleventh(payment.balance - free)
    return {
        "mId": MERCHANT,
        "version": VERSION,
        "paymentKey": payment.key,
        "lastTransactionKey": payment.transaction_key,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "type": "NORMAL",
        "method": payment.method,
        "status": payment.status,
        "currency": payment.currency,
        "totalAmount": payment.total,
        "balanceAmount": payment.balance,
        "suppliedAmount": payment.balance - free - vat,
        "vat": vat,
        "taxFreeAmount": free,
        "taxExemptionAmount": 0,
        "requestedAt": iso(payment.requested_at),
        "approvedAt": None if payment.approved_at is None else iso(payment.approved_at),
        "useEscrow": False,
        "cultureExpense": False,
        "isPartialCancelable": True,
        "country": "KR",
        "card": _card(payment) if payment.is_card and payment.card_number else None,
        "virtualAccount": None if payment.is_card else account(payment, now),
        "secret": payment.secret,
        "cancels": _cancels(payment),
        "failure": payment.failure,
        "receipt": {"url": f"{public_url}/receipt/{payment.key}"} if payment.approved_at else None,
        "checkout": {"url": f"{public_url}/v1/payments/{payment.key}/checkout"},
        **dict.fromkeys(NOTHING),
    }


def _card(payment: Payment) -> dict[str, Any]:
    return {
        "amount": payment.total,
        "issuerCode": "41",
        "acquirerCode": "41",
        "number": payment.card_number,
        "installmentPlanMonths": 0,
        "approveNo": payment.approve_no or "",
        "useCardPoint": False,
        "cardType": "신용",
        "ownerType": "개인",
        "acquireStatus": "READY",
        "isInterestFree": False,
        "interestPayer": None,
    }


def account(payment: Payment, now: int) -> dict[str, Any]:
    return {
        "accountType": "일반",
        "accountNumber": payment.account_number,
        "bankCode": payment.bank,
        "customerName": payment.customer_name,
        "depositorName": payment.depositor,
        "dueDate": iso(payment.expires_at),
        "expired": payment.status == Status.WAITING_FOR_DEPOSIT and payment.expires_at <= now,
        "settlementStatus": "COMPLETED" if _paid_out(payment, now) else "INCOMPLETED",
        "refundStatus": _refund_status(payment, now),
        "refundReceiveAccount": None,
    }


def cancel_object(payment: Payment, movement: Movement) -> dict[str, Any]:
    left = payment.total - sum(
        other.amount for other in payment.movements if other.kind in CANCELLATIONS and other.seq <= movement.seq
    )
    return {
        "transactionKey": movement.key,
        "cancelReason": movement.reason,
        "cancelAmount": movement.amount,
        "refundableAmount": left,
        "canceledAt": iso(movement.at),
        "taxFreeAmount": 0,
        "taxExemptionAmount": 0,
        "cardDiscountAmount": 0,
        "transferDiscountAmount": 0,
        "easyPayDiscountAmount": 0,
        "receiptKey": None,
        "cancelStatus": "DONE",
        "cancelRequestId": None,
    }


def _cancels(payment: Payment) -> list[dict[str, Any]] | None:
    return [cancel_object(payment, one) for one in payment.movements if one.kind in CANCELLATIONS] or None


def _refund_status(payment: Payment, now: int) -> str:
    refunds = [movement for movement in payment.movements if movement.kind == Kind.CANCEL]
    if not refunds:
        return "NONE"
    return "COMPLETED" if refunds[-1].at + REFUNDED_AFTER.total_seconds() <= now else "PENDING"


def _paid_out(payment: Payment, now: int) -> bool:
    return payment.approved_at is not None and paid_out_date(city_date(payment.approved_at)) <= city_date(now)


def paid_out_date(sold: str) -> str:
    """Two weekdays after the day of the sale.

    >>> paid_out_date("2026-06-19")  # a Friday
    '2026-06-23'
    """
    day, left = datetime.fromisoformat(sold), 2
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day.date().isoformat()


def _rounded_eleventh(amount: int) -> int:
    """Value-added tax in a price, half a won up.

    >>> _rounded_eleventh(7000), _rounded_eleventh(15000)
    (636, 1364)
    """
    return (amount * 2 + 11) // 22


def without_offset(at: float) -> str:
    """As webhooks write their time: city time, microseconds, and nothing that says so.

    >>> without_offset(0)
    '1970-01-01T09:00:00.000000'
    """
    return datetime.fromtimestamp(at, CITY).replace(tzinfo=None).isoformat(timespec="microseconds")
