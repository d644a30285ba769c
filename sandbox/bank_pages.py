"""The payer's bank in the browser: make a transfer, see it, have it taken back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.answers import Memory
from sandbox.clock import iso
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.web import LANGUAGES, language_of, page, read_form, see_other

NO_TRANSFER = "There is no such transfer."
ERRORS = {
    "amount": "Type the amount as a whole number above zero.",
    "accountNumber": "Type the account number.",
    "depositorName": "Type the name without special characters.",
}


@dataclass(frozen=True)
class Transfer:
    """One that the bank has carried out; `returned` once it took it back."""

    number: str
    account_number: str
    amount: int
    currency: str
    depositor: str
    at: int
    returned: bool


@dataclass(frozen=True)
class WaitingAccount:
    account_number: str
    customer_name: str
    order_name: str
    total: int
    currency: str


class Counter(Protocol):
    """What the payer's bank does with what its customer types; refusals are ApiErrors that name the field."""

    rule: str  # what the bank says of amounts

    def waiting(self) -> list[WaitingAccount]: ...
    def transfer(self, body: dict[str, Any], *, memory: Memory, scope: str) -> str:
        """The number of the transfer, remembered under `scope` in the same transaction."""

    def find(self, number: str) -> Transfer | None: ...
    def take_back(self, number: str) -> None: ...


class BankPages:
    def __init__(self, *, counter: Counter, memory: Memory, index: str) -> None:
        self._counter = counter
        self._memory = memory
        self._index = index

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Route("/bank", self.transfer, methods=["GET", "POST"]),
            Route("/bank/done/{number}", self.done, methods=["GET", "POST"]),
        ]

    async def index(self, request: Request) -> Response:
        return page(self._index, language=language_of(request))

    async def transfer(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        errors: dict[str, str] = {}
        if form:
            try:
                return see_other(f"/bank/done/{self._transfer_once(form)}?lang={language}")
            except ApiError as error:
                errors = _field_error(error, language)
        form.setdefault("accountNumber", request.query_params.get("account", "")[:20])
        waiting = [(one, shown(one.total, one.currency, language)) for one in self._counter.waiting()]
        return page(
            "bank.html",
            language=language,
            status=422 if errors else 200,
            form=form,
            errors=errors,
            rule=self._counter.rule,
            token=secrets.token_urlsafe(16),
            waiting=waiting,
        )

    async def done(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        number = request.path_params["number"]
        problem = None
        if request.method == "POST":
            try:
                self._counter.take_back(number)
            except ApiError as error:
                problem = error.body(language)["message"]
        transfer = self._counter.find(number)
        if transfer is None:
            return page("problem.html", language=language, status=404, problem=NO_TRANSFER)
        return page(
            "bank_done.html",
            language=language,
            status=409 if problem else 200,
            problem=problem,
            transfer=transfer,
            amount=shown(transfer.amount, transfer.currency, language),
            moment=iso(transfer.at),
        )

    def _transfer_once(self, form: dict[str, str]) -> str:
        """A form that is sent twice (double click, reload) transfers once; without a token each is a new one."""
        digits = form.get("amount", "").replace(",", "").strip()
        amount = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
        body = {
            "accountNumber": form.get("accountNumber", "").strip(),
            "amount": amount,
            "depositorName": form.get("depositorName", "").strip() or None,
        }
        token = form.get("token") or secrets.token_urlsafe(16)
        scope = self._memory.scope(key=token, method="FORM", path="/bank")
        recalled = self._memory.recall(scope)
        return recalled[1] if recalled else self._counter.transfer(body, memory=self._memory, scope=scope)


def _language(request: Request, form: dict[str, str]) -> str:
    return form["lang"] if form.get("lang") in LANGUAGES else language_of(request)


def _field_error(error: ApiError, language: str) -> dict[str, str]:
    field = error.detail.partition(":")[0]
    return {field: ERRORS[field]} if field in ERRORS else {"accountNumber": error.body(language)["message"]}
