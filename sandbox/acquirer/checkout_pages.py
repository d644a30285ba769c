"""The hosted pages: a form for the card, or for the telephone of a wallet or phone bill; then the issuer's own page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.acquirer import book, cards, checkouts
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House
from sandbox.acquirer.states import Status
from sandbox.clock import city_date
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.web import LANGUAGES, page, read_form, see_other


class CheckoutPages:
    def __init__(self, *, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/checkout/{payment_key}", self.card, methods=["GET", "POST"]),
            Route("/checkout/{payment_key}/confirm", self.issuer, methods=["GET", "POST"]),
        ]

    async def card(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        payment = self._payment(request)
        language = self._language(request, form, payment)
        if payment is None:
            return page("problem.html", language=language, status=404, problem="There is no such payment.")
        if payment.status != Status.READY:
            return self._over(request, payment, language)
        if form.get("action") == "cancel":
            return see_other(checkouts.way_back(checkouts.give_up(self._house, payment)))
        errors = self._errors(payment, form) if form else {}
        if not form or errors:
            name = "card.html" if payment.method == "CARD" else "phone.html"
            return self._page(name, payment, language, errors, form)
        number = form["number"]
        behaviour = _accepted(payment)[cards.digits_of(number)]
        checkouts.enter_card(self._house, payment, number=number, behaviour=behaviour)
        return see_other(f"/checkout/{payment.key}/confirm?lang={language}")

    async def issuer(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        payment = self._payment(request)
        language = self._language(request, form, payment)
        if payment is None:
            return page("problem.html", language=language, status=404, problem="There is no such payment.")
        if payment.status != Status.READY:
            return self._over(request, payment, language)
        if payment.card_number is None:
            return see_other(f"/checkout/{payment.key}?lang={language}")
        if form.get("action") == "cancel":
            return see_other(checkouts.way_back(checkouts.give_up(self._house, payment)))
        if form:
            payment = checkouts.authenticate(self._house, payment, code=form.get("code", "").strip()[:20])
            if payment.status != Status.READY:
                return see_other(checkouts.way_back(payment))
        errors = {"code": "This is not the code. Type the six digits shown above."} if form else {}
        return self._page("issuer.html", payment, language, errors, form, code=cards.CODE)

    def _page(
        self, name: str, payment: Payment, language: str, errors: dict[str, str], form: dict[str, str], **facts: str
    ) -> Response:
        return page(
            name,
            language=language,
            status=422 if errors else 200,
            form_targets=(payment.success_url, payment.fail_url),
            payment=payment,
            amount=shown(payment.total, payment.currency, language),
            errors=errors,
            form=form,
            accepted=[(cards.spaced(number), cards.EFFECTS[kind]) for number, kind in _accepted(payment).items()],
            **facts,
        )

    def _over(self, request: Request, payment: Payment, language: str) -> Response:
        """Nothing is left to do here: a form that came late goes back at once, a page is told so."""
        if not payment.is_hosted:
            return page("problem.html", language=language, status=404, problem="There is no such payment.")
        if request.method == "POST":
            return see_other(checkouts.way_back(payment))
        return page("over.html", language=language, payment=payment, way_back=checkouts.way_back(payment))

    def _errors(self, payment: Payment, form: dict[str, str]) -> dict[str, str]:
        errors: dict[str, str] = {}
        if payment.method != "CARD":
            if cards.digits_of(form.get("number", "")) not in cards.PHONES:
                errors["number"] = "Only the test numbers listed on this page are accepted."
            return errors
        if cards.digits_of(form.get("number", "")) not in cards.CARDS:
            errors["number"] = "Only the test cards listed on this page are accepted."
        if not cards.good_until(form.get("expiry", ""), today=city_date(self._house.clock.now())):
            errors["expiry"] = "Type a month to come, as MM/YY."
        if not 1 <= len(form.get("holder", "").strip()) <= 100:
            errors["holder"] = "Type the name on the card."
        return errors

    def _payment(self, request: Request) -> Payment | None:
        self._house.tick()
        try:
            return book.find(self._house.db, column="key", value=request.path_params["payment_key"])
        except ApiError:
            return None

    def _language(self, request: Request, form: dict[str, str], payment: Payment | None) -> str:
        wishes = (form.get("lang"), request.query_params.get("lang"), payment.locale if payment else None)
        return next((wish for wish in wishes if wish in LANGUAGES), "ko")


def _accepted(payment: Payment) -> dict[str, cards.Behaviour]:
    return cards.CARDS if payment.method == "CARD" else cards.PHONES
