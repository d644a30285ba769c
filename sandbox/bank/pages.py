"""The bank in the browser: make a transfer to the city, see what happened, end the day; the same as JSON."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import fields
from sandbox.bank.house import House
from sandbox.clock import iso
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.web import LANGUAGES, language_of, loopback_only, page, read_form, read_json, see_other

NO_TRANSFER = "There is no such transfer."
CURRENCY = "KRW"
ERRORS = {
    "number": "No bank here keeps an account of the city with this number.",
    "amount": "Type the amount as a whole number above zero.",
    "words": "Type the text without special characters, at most 140.",
    "sender": "Type the name without special characters.",
}
RECENT = 30


class Pages:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.transfer, methods=["GET", "POST"]),
            Route("/done/{reference}", self.done, methods=["GET", "POST"]),
            Route("/day", self.day, methods=["GET", "POST"]),
            Route("/api/transfers", loopback_only(self.api_transfers), methods=["GET", "POST"]),
            Route("/api/transfers/{reference}/return", loopback_only(self.api_return), methods=["POST"]),
            Route("/api/days", loopback_only(self.api_days), methods=["POST"]),
            Route("/api/orders", loopback_only(self.api_orders)),
        ]

    async def transfer(self, request: Request) -> Response:
        """Number, amount, text, sender."""
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        errors: dict[str, str] = {}
        if form:
            try:
                reference = self._house.deposit(**_deposit(_typed(form)), token=form.get("token", "")[:60])
                return see_other(f"/done/{reference}?lang={language}")
            except ApiError as error:
                name = error.detail.partition(":")[0]
                errors = {name: ERRORS[name]} if name in ERRORS else {"number": error.body(language)["message"]}
        form.setdefault("number", request.query_params.get("number", "")[:34])
        return page(
            "bank_transfer.html",
            language=language,
            status=422 if errors else 200,
            form=form,
            errors=errors,
            token=secrets.token_urlsafe(16),
            accounts=list(self._house.accounts.values()),
        )

    async def done(self, request: Request) -> Response:
        """One transfer; its bank may take it back."""
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        reference = request.path_params["reference"]
        problem = None
        if request.method == "POST":
            try:
                self._house.take_back(reference)
            except ApiError as error:
                problem = error.body(language)["message"]
        found = self._house.find(reference)
        if found is None or found["kind"] != "deposit":
            return page("problem.html", language=language, status=404, problem=NO_TRANSFER)
        return page(
            "bank_transferred.html",
            language=language,
            status=409 if problem else 200,
            problem=problem,
            transfer=found,
            account=found["number"] or self._house.accounts[found["bank"]].account,
            returned=self._house.returned(reference),
            amount=shown(found["amount"], CURRENCY, language),
            moment=iso(found["at"]),
        )

    async def day(self, request: Request) -> Response:
        """The city's accounts with what happened; ending the day writes the statement."""
        form = await read_form(request) if request.method == "POST" else {}
        language = _language(request, form)
        ended = ""
        if form.get("bank") in self._house.accounts:
            ended = self._house.end_day(form["bank"])
        recent = self._house.db.execute("SELECT * FROM movement ORDER BY seq DESC LIMIT ?", (RECENT,)).fetchall()
        return page(
            "bank_day.html",
            language=language,
            ended=ended,
            accounts=[(one, self._balance(one.bank, language)) for one in self._house.accounts.values()],
            movements=[(one, shown(one["amount"], CURRENCY, language), iso(one["at"])) for one in recent],
        )

    def _balance(self, bank: str, language: str) -> str:
        query = "SELECT coalesce(sum(amount), 0) FROM movement WHERE bank = ?"
        return shown(self._house.db.execute(query, (bank,)).fetchone()[0], CURRENCY, language)

    async def api_transfers(self, request: Request) -> Response:
        if request.method == "GET":
            rows = self._house.db.execute("SELECT * FROM movement ORDER BY seq LIMIT 1000").fetchall()
            return JSONResponse([dict(row) for row in rows])
        reference = self._house.deposit(**_deposit(await read_json(request)))
        return JSONResponse({"reference": reference}, status_code=201)

    async def api_return(self, request: Request) -> Response:
        self._house.take_back(request.path_params["reference"])
        return Response(status_code=204)

    async def api_days(self, request: Request) -> Response:
        bank = fields.text(await read_json(request), "bank", longest=3)
        return JSONResponse({"statement": self._house.end_day(bank)}, status_code=201)

    async def api_orders(self, _: Request) -> Response:
        rows = self._house.db.execute("SELECT * FROM transfer ORDER BY seq LIMIT 1000").fetchall()
        return JSONResponse([dict(row) for row in rows])


def _deposit(body: dict[str, Any]) -> dict[str, Any]:
    """What makes a transfer, checked. Refusals name the field."""
    return {
        "number": fields.text(body, "number", longest=34).replace("-", "").replace(" ", ""),
        "amount": fields.amount(body, "amount"),
        "words": fields.text(body, "words", longest=140) if body.get("words") else "",
        "sender": fields.text(body, "sender", longest=70),
    }


def _typed(form: dict[str, str]) -> dict[str, Any]:
    digits = form.get("amount", "").replace(",", "").strip()
    amount = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
    texts = {name: form.get(name, "").strip() for name in ("number", "words", "sender")}
    return {**texts, "amount": amount}


def _language(request: Request, form: dict[str, str]) -> str:
    return form["lang"] if form.get("lang") in LANGUAGES else language_of(request)
