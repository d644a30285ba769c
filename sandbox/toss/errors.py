"""Toss Payments' own error codes, where they differ from the rest of the sandbox."""

from __future__ import annotations

from sandbox.errors import CATALOGUE, ApiError

TOSS: dict[str, tuple[int, str, str]] = {
    "ALREADY_CANCELED_PAYMENT": (400, "The payment was cancelled already.", "취소가 끝난 결제입니다."),
    "ALREADY_PROCESSED_PAYMENT": (400, "The payment was processed already.", "처리가 끝난 결제입니다."),
    "BELOW_MINIMUM_AMOUNT": (400, "Cards take 100 won or more, accounts 200.", "카드는 100원, 계좌는 200원부터입니다."),
    "DUPLICATED_ORDER_ID": (400, "An order of this id was approved.", "승인된 적이 있는 주문번호입니다."),
    "EXCEED_MAX_DUE_DATE": (400, "The due date is too far ahead.", "입금 기한이 너무 깁니다."),
    "EXCEED_MAX_VALID_HOURS": (400, "The validity is too long.", "유효 시간이 너무 깁니다."),
    "INVALID_BANK": (400, "The bank is not known.", "알 수 없는 은행입니다."),
    "INVALID_CURRENCY": (400, "The currency is not supported.", "지원하지 않는 통화입니다."),
    "INVALID_DATE": (400, "The date is not valid.", "날짜가 올바르지 않습니다."),
    "INVALID_PAGING_KEY": (400, "The paging key is not known.", "페이지 키가 올바르지 않습니다."),
    "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE": (
        400,
        "validHours and dueDate exclude each other.",
        "validHours와 dueDate는 함께 쓸 수 없습니다.",
    ),
    "NOT_SUPPORTED_METHOD": (400, "The method is not supported.", "지원하지 않는 결제수단입니다."),
    "PAY_PROCESS_ABORTED": (400, "The payment did not go through.", "결제가 진행되지 않았습니다."),
    "PAY_PROCESS_CANCELED": (400, "The payer gave up.", "구매자가 결제를 그만두었습니다."),
    "PROVIDER_ERROR": (400, "A passing error; try again.", "일시적인 오류입니다. 다시 시도해 주십시오."),
    "REFUND_REJECTED": (400, "The refund was refused.", "환불이 거절되었습니다."),
    "FORBIDDEN_CONSECUTIVE_REQUEST": (403, "Too soon after the last request.", "잠시 후 다시 요청해 주십시오."),
    "FORBIDDEN_REQUEST": (403, "The request is not allowed.", "허용되지 않는 요청입니다."),
    "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT": (
        403,
        "Before the deposit only the whole can be cancelled.",
        "입금 전에는 전액만 취소할 수 있습니다.",
    ),
    "NOT_AVAILABLE_BANK": (403, "The bank is closed at this hour.", "은행 업무 시간이 아닙니다."),
    "NOT_CANCELABLE_AMOUNT": (403, "This amount cannot be cancelled.", "취소할 수 없는 금액입니다."),
    "NOT_CANCELABLE_PAYMENT": (403, "This payment cannot be cancelled.", "취소할 수 없는 결제입니다."),
    "REJECT_CARD_COMPANY": (403, "The card company refused.", "카드사가 승인을 거절했습니다."),
    "REJECT_CARD_PAYMENT": (403, "Over the limit, or too little money.", "한도 초과 또는 잔액 부족입니다."),
    "NOT_FOUND_PAYMENT_SESSION": (404, "The time to pay is over.", "결제 시간이 지났습니다."),
    "TOO_MANY_REQUESTS": (429, "Too many requests.", "요청이 너무 많습니다."),
    "COMMON_ERROR": (500, "A passing error.", "일시적인 오류입니다."),
    "FAILED_INTERNAL_SYSTEM_PROCESSING": (500, "Something inside failed.", "내부 처리에 실패했습니다."),
    "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING": (500, "The card or bank failed.", "결제 기관의 오류입니다."),
    "UNKNOWN_ERROR": (500, "An unknown error.", "알 수 없는 오류입니다."),
    # the payer's bank, which is not Toss Payments
    "WRONG_AMOUNT": (409, "The account takes its exact amount only.", "정해진 금액만 입금할 수 있습니다."),
    "NOT_WAITING": (409, "The account takes no deposit now.", "입금할 수 없는 계좌입니다."),
}


class TossError(ApiError):
    catalogue = {**CATALOGUE, **TOSS}
