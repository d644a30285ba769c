"""A page that looks like a cash machine, and the same as JSON."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import fields
from sandbox.atm.bank import FAULTS, Bank, Payment, Shown
from sandbox.atm.line import NoAnswer
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.money import shown
from sandbox.web import LANGUAGES, language_of, loopback_only, page, read_form, read_json, see_other

CODES = {
    "00": "Done",
    "12": "The city does not take this now. Try again.",
    "13": "The bill owes another amount now. Ask again.",
    "14": "No bill with this number owes anything.",
    "30": "The city did not understand this machine.",
    "63": "The city does not trust this message.",
    "75": "Too many unknown numbers. Try again later.",
    "90": "The city takes payments from machines at other hours.",
    "91": "The city's books are away. Nothing was paid.",
    "96": "The city does not know what happened. Your money was given back.",
    "A0": "This bill is paid. Nothing more is owed.",
    "A1": "This bill is not in force. Look for the new one.",
    "A2": "This payment was taken back before it arrived.",
    "": "The city did not answer. Your money was given back.",
}
STATES = {"paid": "Paid", "declined": "Not paid", "reversed": "Given back", "unknown": "Being cleared up"}
FAULT_NAMES = {
    "repeat": "Say it twice",
    "late_answer": "Hear the answer too late",
    "reversal_first": "Take it back before it is sent",
    "wrong_mac": "Seal it with a wrong MAC",
    "truncated": "Break off in the middle",
}
WRONG_NUMBER = "Type 19 digits (electronic payment number) or 18 digits (payer number)."


class Pages:
    def __init__(self, *, bank: Bank, faults: Faults) -> None:
        self._bank = bank
        self._faults = faults
        self._paid: dict[str, str] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.machine),
            Route("/pay", self.pay, methods=["POST"]),
            Route("/payments/{stan}", self.slip),
            Route("/api/inquiry", loopback_only(self.api_inquiry), methods=["POST"]),
            Route("/api/payments", loopback_only(self.api_payments), methods=["GET", "POST"]),
            Route("/api/payments/{stan}/reversal", loopback_only(self.api_reversal), methods=["POST"]),
        ]

    async def machine(self, request: Request) -> Response:
        """The first page, and the bills of a number in its address."""
        typed = "".join(request.query_params.get("number", "").split())
        language = language_of(request)
        errors, found = {}, None
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) in {18, 19}):
            errors = {"number": WRONG_NUMBER}
        elif typed:
            wanted = request.query_params.get("page", "1")
            try:
                found = await self._bank.inquiry(number=typed, page=int(wanted) if wanted in _PAGES else 1)
            except NoAnswer:
                found = Shown("91")
            if found.code != "00":
                errors = {"number": CODES.get(found.code, found.code)}
        return page(
            "atm.html",
            language=language,
            status=422 if errors else 200,
            form={"number": typed[:30]},
            errors=errors,
            found=found,
            faults=FAULT_NAMES,
            token=secrets.token_urlsafe(12),
            won=lambda amount: shown(amount, "KRW", language),
        )

    async def pay(self, request: Request) -> Response:
        form = await read_form(request)
        language = form["lang"] if form.get("lang") in LANGUAGES else language_of(request)
        token = form.get("token") or secrets.token_urlsafe(12)
        if token not in self._paid:
            if form.get("fault") in FAULTS:
                self._faults.add({"fault": form["fault"]})
            payment = await self._bank.pay(number=_number(form), amount=_amount(form))
            self._paid[token] = payment.stan
        return see_other(f"/payments/{self._paid[token]}?lang={language}")

    async def slip(self, request: Request) -> Response:
        language = language_of(request)
        payment = self._bank.payments.get(request.path_params["stan"])
        if payment is None:
            return page("problem.html", language=language, status=404, problem="There is no such payment.")
        said = CODES.get(payment.code, payment.code)
        amount = shown(payment.amount, "KRW", language)
        return page(
            "atm_slip.html", language=language, payment=payment, said=said, state=STATES[payment.state], amount=amount
        )

    async def api_inquiry(self, request: Request) -> Response:
        body = await read_json(request)
        number = fields.text(body, "number", longest=19, shortest=18)
        wanted = fields.whole(body, "page", low=1, high=99) if "page" in body else 1
        try:
            return JSONResponse(asdict(await self._bank.inquiry(number=number, page=wanted)))
        except NoAnswer as error:
            raise ApiError("PROVIDER_ERROR", str(error)) from error

    async def api_payments(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse([payment.facts() for payment in self._bank.payments.values()])
        body = await read_json(request)
        number = fields.text(body, "number", longest=19, shortest=19)
        payment = await self._bank.pay(
            number=number, amount=fields.amount(body, "amount"), advice=bool(body.get("advice"))
        )
        return JSONResponse(payment.facts(), status_code=201)

    async def api_reversal(self, request: Request) -> Response:
        payment: Payment | None = self._bank.payments.get(request.path_params["stan"])
        if payment is None:
            raise ApiError("NOT_FOUND")
        return JSONResponse({"code": await self._bank.reverse(payment)})


_PAGES = {str(number) for number in range(1, 100)}


def _number(form: dict[str, Any]) -> str:
    number: str = form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) == 19):
        raise fields.invalid("number", "19 digits")
    return number


def _amount(form: dict[str, Any]) -> int:
    digits: str = form.get("amount", "")
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) <= 12 and int(digits)):
        raise fields.invalid("amount", "a whole number")
    return int(digits)
