"""Errors that travel as {"code", "message"}, in English and Korean."""

from __future__ import annotations

from typing import ClassVar

CATALOGUE: dict[str, tuple[int, str, str]] = {
    "INVALID_REQUEST": (400, "The request is not valid.", "잘못된 요청입니다."),
    "INVALID_IDEMPOTENCY_KEY": (400, "Idempotency-Key is 1 to 300 characters.", "멱등키는 1~300자여야 합니다."),
    "INVALID_BANK": (400, "This bank is not known.", "지원하지 않는 은행입니다."),
    "DUPLICATED_ORDER_ID": (400, "This order id was used before.", "이미 사용된 주문번호입니다."),
    "EXCEED_MAX_AMOUNT": (400, "More than a till takes at once.", "한 번에 수납할 수 있는 금액을 넘었습니다."),
    "INVALID_ORDER_ID": (400, "The order id is not that of the payment.", "주문번호가 결제와 다릅니다."),
    "INVALID_AMOUNT": (400, "The amount is not that of the payment.", "금액이 결제와 다릅니다."),
    "DUPLICATED_MANDATE_ID": (400, "This mandate id was used before.", "이미 사용된 자동이체 신청번호입니다."),
    "INVALID_MANDATE_ID": (400, "The mandate id is not that of the mandate.", "신청번호가 자동이체와 다릅니다."),
    "NOT_AGREED_MANDATE": (400, "The holder has not agreed yet.", "예금주 동의가 끝나지 않았습니다."),
    "MANDATE_OVER": (400, "The mandate was refused, has expired or ended.", "거절·만료되었거나 해지된 자동이체입니다."),
    "NOT_AUTHENTICATED_PAYMENT": (400, "The payer has not authenticated yet.", "결제 인증이 끝나지 않았습니다."),
    "ALREADY_PROCESSED_PAYMENT": (400, "The payment was processed before.", "이미 처리된 결제입니다."),
    "ABORTED_PAYMENT": (400, "The payment was aborted.", "중단된 결제입니다."),
    "EXPIRED_PAYMENT": (400, "The payment has expired.", "만료된 결제입니다."),
    "REJECT_CARD_PAYMENT": (403, "Limit exceeded or balance too low.", "한도를 초과했거나 잔액이 부족합니다."),
    "INSUFFICIENT_FUNDS": (403, "The account does not hold enough.", "잔액이 부족합니다."),
    "ACCOUNT_CLOSED": (403, "The account was closed.", "해지된 예금 계좌입니다."),
    "MANDATE_REVOKED": (403, "The mandate is not in force.", "효력이 없는 자동이체입니다."),
    "NOT_CANCELABLE_AMOUNT": (400, "More than what can be cancelled.", "취소할 수 있는 금액을 넘었습니다."),
    "NOT_CANCELABLE_PAYMENT": (400, "This payment cannot be cancelled.", "취소할 수 없는 결제입니다."),
    "ALREADY_CANCELED_PAYMENT": (400, "The payment was cancelled before.", "이미 취소된 결제입니다."),
    "NOT_MATCHES_REFUNDABLE_AMOUNT": (400, "Another amount is refundable now.", "환불 가능 금액이 일치하지 않습니다."),
    "INVALID_REFUND_ACCOUNT_INFO": (400, "An account for the refund is needed.", "환불 계좌 정보가 필요합니다."),
    "INVALID_REFUND_ACCOUNT_NUMBER": (400, "The refund account does not exist.", "환불 계좌번호가 올바르지 않습니다."),
    "UNAUTHORIZED_KEY": (401, "The secret key is missing or wrong.", "시크릿 키가 없거나 올바르지 않습니다."),
    "NOT_FOUND": (404, "There is nothing here.", "찾을 수 없습니다."),
    "NOT_FOUND_PAYMENT": (404, "There is no such payment.", "존재하지 않는 결제입니다."),
    "NOT_FOUND_MANDATE": (404, "There is no such mandate.", "존재하지 않는 자동이체입니다."),
    "NOT_FOUND_ACCOUNT": (404, "There is no such account.", "존재하지 않는 계좌입니다."),
    "NOT_FOUND_CODE": (404, "There is no such number.", "존재하지 않는 수납번호입니다."),
    "NOT_FOUND_CHARGEBACK": (404, "There is no such chargeback.", "존재하지 않는 이의제기입니다."),
    "NOT_FOUND_TRANSFER": (404, "There is no such transfer.", "존재하지 않는 이체입니다."),
    "METHOD_NOT_ALLOWED": (405, "This method is not allowed here.", "허용되지 않는 메서드입니다."),
    "CLOSED_ACCOUNT": (409, "The account is closed.", "해지된 계좌입니다."),
    "EXPIRED_CODE": (409, "This number has expired.", "기한이 지난 수납번호입니다."),
    "PAID_CODE": (409, "This number was paid before.", "이미 수납된 번호입니다."),
    "CHARGEBACK_CLOSED": (409, "The chargeback was answered or decided.", "이미 답변했거나 결정된 이의제기입니다."),
    "CHARGEBACK_EXPIRED": (409, "The day to answer has passed.", "답변 기한이 지났습니다."),
    "TELEPHONE_BUSY": (409, "This telephone has a call already.", "이 전화는 다른 결제 통화 중입니다."),
    "ALREADY_RETURNED": (409, "The transfer was taken back before.", "이미 반환된 이체입니다."),
    "NOT_RETURNABLE": (409, "Refunds left less than this.", "환불되어 반환할 수 없습니다."),
    "IDEMPOTENT_REQUEST_PROCESSING": (409, "The first request is still running.", "이전 요청을 처리하고 있습니다."),
    "REQUEST_TOO_LARGE": (413, "The request is too large.", "요청이 너무 큽니다."),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Content-Type must be application/json.", "JSON 형식으로 보내야 합니다."),
    "PROVIDER_ERROR": (500, "A passing error; the outcome is unknown.", "일시적인 오류가 발생했습니다."),
    "SERVICE_UNAVAILABLE": (503, "Too busy now; try again later.", "잠시 후 다시 시도해 주십시오."),
}


class ApiError(Exception):
    """Refuses a call; `detail` names the field or the reason and is added to the message."""

    catalogue: ClassVar[dict[str, tuple[int, str, str]]] = CATALOGUE

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail

    @property
    def status(self) -> int:
        return self.catalogue[self.code][0]

    def body(self, language: str) -> dict[str, str]:
        _, english, korean = self.catalogue[self.code]
        message = korean if language == "ko" else english
        return {"code": self.code, "message": f"{message} ({self.detail})" if self.detail else message}
