"""The routes of the API, one line per call."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from sandbox.acquirer import (
    accounts,
    bank,
    book,
    cancel,
    chargebacks,
    checkouts,
    confirm,
    debits,
    phone_entries,
    reports,
    store_codes,
)
from sandbox.acquirer.house import House
from sandbox.answers import Answer
from sandbox.gate import Call, Gate
from sandbox.web import loopback_only

FAULTS = (
    "callback_late",
    "callback_twice",
    "callback_never",
    "callbacks_out_of_order",
    "callback_wrong_amount",
    "callback_bad_signature",
    "late_answer",
    "lost_answer",
    "http_500",
    "slow",
)

ENDPOINTS = (
    "checkouts",
    "phone-entries",
    "confirm",
    "capture",
    "payment",
    "cancel",
    "virtual-accounts",
    "store-codes",
    "close",
    "transactions",
    "settlements",
    "transfers",
    "till",
    "chargeback",
    "representment",
    "mandates",
    "confirm-mandate",
    "mandate",
    "revoke",
    "debits",
    "holder",
)


def create_checkout(house: House, call: Call) -> Answer:
    return Answer(status=201, body=checkouts.create(house, call.body))


def create_phone_entry(house: House, call: Call) -> Answer:
    return Answer(status=201, body=phone_entries.create(house, call.body))


def confirm_payment(house: House, call: Call) -> Answer:
    return confirm.confirm(house, call.body)


def capture_payment(house: House, call: Call) -> Answer:
    return confirm.capture(house, call.path["payment_key"], call.body)


def payment_by_key(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown(book.find(house.db, column="key", value=call.path["payment_key"])))


def payment_by_order(house: House, call: Call) -> Answer:
    return Answer(status=200, body=house.shown(book.find(house.db, column="order_id", value=call.path["order_id"])))


def cancel_payment(house: House, call: Call) -> Answer:
    return Answer(status=200, body=cancel.cancel(house, call.path["payment_key"], call.body))


def issue_account(house: House, call: Call) -> Answer:
    return Answer(status=201, body=accounts.issue(house, call.body))


def close_account(house: House, call: Call) -> Answer:
    return Answer(status=200, body=accounts.close(house, call.path["payment_key"]))


def issue_code(house: House, call: Call) -> Answer:
    return Answer(status=201, body=store_codes.issue(house, call.body))


def pay_at_till(house: House, call: Call) -> Answer:
    return Answer(status=201, body=store_codes.pay(house, call.body))


def void_at_till(house: House, call: Call) -> Answer:
    return Answer(status=201, body=store_codes.void(house, call.path["transaction_key"]))


def transactions(house: House, call: Call) -> Answer:
    return Answer(status=200, body=reports.transactions(house, call.query))


def settlements(house: House, call: Call) -> Answer:
    return Answer(status=200, body=reports.settlements(house, call.query))


def transfer(house: House, call: Call) -> Answer:
    return Answer(status=201, body=bank.transfer(house, call.body))


def take_back(house: House, call: Call) -> Answer:
    return Answer(status=201, body=bank.take_back(house, call.path["transaction_key"]))


def account_holder(house: House, call: Call) -> Answer:
    return Answer(status=200, body=bank.holder(house, call.query))


def open_account(house: House, call: Call) -> Answer:
    return Answer(status=201, body=bank.open_account(house, call.body))


def object_to(house: House, call: Call) -> Answer:
    return Answer(status=201, body=chargebacks.raise_objection(house, call.body))


def chargeback(house: House, call: Call) -> Answer:
    return Answer(status=200, body=chargebacks.shown(house, call.path["transaction_key"]))


def represent(house: House, call: Call) -> Answer:
    return Answer(status=200, body=chargebacks.represent(house, call.path["transaction_key"], call.body))


def decide_chargeback(house: House, call: Call) -> Answer:
    return Answer(status=200, body=chargebacks.decide(house, call.path["transaction_key"], call.body))


def create_mandate(house: House, call: Call) -> Answer:
    return Answer(status=201, body=debits.ask_for_mandate(house, call.body))


def confirm_mandate(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.confirm_mandate(house, call.path["mandate_key"], call.body))


def mandate_by_key(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.shown(house, column="key", value=call.path["mandate_key"]))


def mandate_by_id(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.shown(house, column="id", value=call.path["mandate_id"]))


def revoke_mandate(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.revoke(house, call.path["mandate_key"], by="SHOP"))


def revoked_by_holder(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.revoke(house, call.path["mandate_key"], by="HOLDER"))


def debit(house: House, call: Call) -> Answer:
    return debits.debit(house, call.body)


def put_money_in(house: House, call: Call) -> Answer:
    return Answer(status=200, body=debits.set_balance(house, call.path["number"], call.body))


def routes(gate: Gate[House]) -> list[BaseRoute]:
    on = gate.endpoint
    returned = on("transfers", take_back, public=True, bare=True)
    voided = on("till", void_at_till, public=True, bare=True)
    return [
        Route("/v1/checkouts", on("checkouts", create_checkout), methods=["POST"]),
        Route("/v1/phone-entries", on("phone-entries", create_phone_entry), methods=["POST"]),
        Route("/v1/payments/confirm", on("confirm", confirm_payment), methods=["POST"]),
        Route("/v1/payments/orders/{order_id}", on("payment", payment_by_order), methods=["GET"]),
        Route("/v1/payments/{payment_key}", on("payment", payment_by_key), methods=["GET"]),
        Route("/v1/payments/{payment_key}/capture", on("capture", capture_payment), methods=["POST"]),
        Route("/v1/payments/{payment_key}/cancel", on("cancel", cancel_payment), methods=["POST"]),
        Route("/v1/virtual-accounts", on("virtual-accounts", issue_account), methods=["POST"]),
        Route("/v1/virtual-accounts/{payment_key}/close", on("close", close_account, bare=True), methods=["POST"]),
        Route("/v1/store-codes", on("store-codes", issue_code), methods=["POST"]),
        Route("/v1/mandates", on("mandates", create_mandate), methods=["POST"]),
        Route("/v1/mandates/ids/{mandate_id}", on("mandate", mandate_by_id), methods=["GET"]),
        Route("/v1/mandates/{mandate_key}", on("mandate", mandate_by_key), methods=["GET"]),
        Route("/v1/mandates/{mandate_key}/confirm", on("confirm-mandate", confirm_mandate), methods=["POST"]),
        Route("/v1/mandates/{mandate_key}/revoke", on("revoke", revoke_mandate, bare=True), methods=["POST"]),
        Route("/v1/debits", on("debits", debit), methods=["POST"]),
        Route(
            "/sandbox/mandates/{mandate_key}/revoke",
            loopback_only(on("revoke", revoked_by_holder, public=True, bare=True)),
            methods=["POST"],
        ),
        Route("/sandbox/accounts/{number}", loopback_only(on("debits", put_money_in, public=True)), methods=["POST"]),
        Route("/v1/transactions", on("transactions", transactions), methods=["GET"]),
        Route("/v1/settlements", on("settlements", settlements), methods=["GET"]),
        Route("/v1/chargebacks/{transaction_key}", on("chargeback", chargeback), methods=["GET"]),
        Route("/v1/chargebacks/{transaction_key}/representment", on("representment", represent), methods=["POST"]),
        Route("/sandbox/chargebacks", loopback_only(on("chargeback", object_to, public=True)), methods=["POST"]),
        Route(
            "/sandbox/chargebacks/{transaction_key}/decision",
            loopback_only(on("chargeback", decide_chargeback, public=True)),
            methods=["POST"],
        ),
        Route("/v1/accounts/holder", on("holder", account_holder), methods=["GET"]),
        Route("/bank/accounts", on("transfers", open_account, public=True), methods=["POST"]),
        Route("/bank/transfers", on("transfers", transfer, public=True), methods=["POST"]),
        Route("/bank/transfers/{transaction_key}/return", returned, methods=["POST"]),
        Route("/till/payments", on("till", pay_at_till, public=True), methods=["POST"]),
        Route("/till/payments/{transaction_key}/void", voided, methods=["POST"]),
    ]
