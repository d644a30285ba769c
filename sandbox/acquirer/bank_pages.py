"""The payer's bank in the browser: make a transfer, see it, have it taken back."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.acquirer import bank, book
from sandbox.acquirer.answers import Memory
from sandbox.acquirer.house import House
from sandbox.clock import iso
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.store import transaction
from sandbox.web import LANGUAGES, language_of, page, read_form, see_other

RECENT = 10


class BankPages:
    def __init__(self, *, house: House, memory: Memory) -> None:
        self._house = house
        self._memory = memory

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Route("/bank", self.transfer, methods=["GET", "POST"]),
            Route("/bank/done/{transaction_key}", self.done, methods=["GET", "POST"]),
        ]

    async def index(self, request: Request) -> Response:
        return page("acquirer.html", language=language_of(request))

    async def transfer(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        self._house.tick()
        errors: dict[str, str] = {}
        if form:
            try:
                return see_other(f"/bank/done/{self._transfer_once(form)}?lang={language}")
            except ApiError as error:
                errors = _field_error(error, language)
        form.setdefault("accountNumber", request.query_params.get("account", "")[:20])
        return page(
            "bank.html",
            language=language,
            status=422 if errors else 200,
            form=form,
            errors=errors,
            token=secrets.token_urlsafe(16),
            recent=self._recent(language),
        )

    async def done(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        key = request.path_params["transaction_key"]
        problem = None
        if request.method == "POST":
            try:
                with transaction(self._house.db):
                    bank.take_back(self._house, key)
            except ApiError as error:
                problem = error.body(language)["message"]
        facts = self._transfer_facts(key, language)
        if facts is None:
            return page("problem.html", language=language, status=404, problem="There is no such transfer.")
        return page("bank_done.html", language=language, status=409 if problem else 200, problem=problem, **facts)

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
        if recalled:
            return recalled[1]
        with transaction(self._house.db):
            key: str = bank.transfer(self._house, body)["transactionKey"]
            self._memory.keep(scope, status=201, body=key, now=self._house.clock.now())
        return key

    def _transfer_facts(self, key: str, language: str) -> dict[str, Any] | None:
        row = self._house.db.execute("SELECT * FROM movement WHERE key = ? AND kind = 'DEPOSIT'", (key,)).fetchone()
        if row is None:
            return None
        payment = book.find(self._house.db, column="key", value=row["payment_key"])
        return {
            "payment": payment,
            "transfer": book.read_movement(row),
            "amount": shown(row["amount"], payment.currency, language),
            "moment": iso(row["at"]),
            "returned": any(movement.original_key == key for movement in payment.movements),
        }

    def _recent(self, language: str) -> list[dict[str, str]]:
        rows = self._house.db.execute(
            "SELECT account_number, customer_name, total, currency, order_name FROM payment"
            " WHERE status = 'WAITING_FOR_DEPOSIT' AND NOT closed ORDER BY requested_at DESC, rowid DESC LIMIT ?",
            (RECENT,),
        )
        return [{**dict(row), "amount": shown(row["total"], row["currency"], language)} for row in rows]


def _language(request: Request, form: dict[str, str]) -> str:
    return form["lang"] if form.get("lang") in LANGUAGES else language_of(request)


def _field_error(error: ApiError, language: str) -> dict[str, str]:
    field = error.detail.partition(":")[0]
    messages = {
        "amount": "Type the amount as a whole number above zero.",
        "accountNumber": "Type the account number.",
        "depositorName": "Type the name without special characters.",
    }
    if field in messages:
        return {field: messages[field]}
    return {"accountNumber": error.body(language)["message"]}
