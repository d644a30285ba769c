"""The till of a convenience store in a browser: the number is typed or scanned, the sum shown, the money taken."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.acquirer import store_codes
from sandbox.acquirer.house import House
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.store import transaction
from sandbox.web import LANGUAGES, language_of, page, read_form


class TillPages:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [Route("/till", self.till, methods=["GET", "POST"])]

    async def till(self, request: Request) -> Response:
        """First what the number is for; then, with `action=take`, the money."""
        form = await read_form(request) if request.method == "POST" else {}
        language = form["lang"] if form.get("lang") in LANGUAGES else language_of(request)
        number = form.get("number", "")
        errors: dict[str, str] = {}
        payment, taken = None, False
        if form:
            self._house.tick()
            try:
                payment = store_codes.at_till(self._house, number)
                if form.get("action") == "take":
                    with transaction(self._house.db):
                        store_codes.pay(self._house, {"number": number})
                    taken = True
            except ApiError as error:
                errors = {"number": error.body(language)["message"]}
        return page(
            "till.html",
            language=language,
            status=422 if errors else 200,
            form=form,
            errors=errors,
            payment=payment,
            taken=taken,
            amount=shown(payment.total, payment.currency, language) if payment else "",
        )
