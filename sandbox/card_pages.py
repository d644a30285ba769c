"""The hosted pages: a form for the card, or for the telephone of a wallet or phone bill; then the issuer's own page."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox import cards
from sandbox.cards import Behaviour
from sandbox.money import shown
from sandbox.web import LANGUAGES, page, read_form, see_other

NO_PAYMENT = "There is no such payment."


class Shown(Protocol):
    """What the pages know of a payment."""

    @property
    def key(self) -> str: ...
    @property
    def order_id(self) -> str: ...
    @property
    def order_name(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def success_url(self) -> str: ...
    @property
    def fail_url(self) -> str: ...
    @property
    def by_phone(self) -> bool:
        """Whether the payer gives a telephone rather than a card."""

    @property
    def card_number(self) -> str | None: ...


PaymentT = TypeVar("PaymentT", bound=Shown)


class Checkouts(Protocol[PaymentT]):
    """What a gateway does with what the payer types. The two paths have `{key}` in them.

    Functions that answer an address say where the payer's browser goes; None keeps it here."""

    card_path: str
    issuer_path: str

    def find(self, key: str) -> PaymentT | None: ...
    def open(self, payment: PaymentT) -> bool: ...
    def way_back(self, payment: PaymentT) -> str | None: ...
    def give_up(self, payment: PaymentT) -> str: ...
    def enter_card(self, payment: PaymentT, *, number: str, behaviour: Behaviour) -> None: ...
    def authenticate(self, payment: PaymentT, *, code: str) -> str | None: ...
    def today(self) -> str: ...


class CardPages(Generic[PaymentT]):
    def __init__(self, *, checkouts: Checkouts[PaymentT]) -> None:
        self._checkouts = checkouts

    def routes(self) -> list[BaseRoute]:
        return [
            Route(self._checkouts.card_path, self.card, methods=["GET", "POST"]),
            Route(self._checkouts.issuer_path, self.issuer, methods=["GET", "POST"]),
        ]

    async def card(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        payment = self._checkouts.find(request.path_params["key"])
        language = _language(request, form, payment)
        if payment is None or not self._checkouts.open(payment):
            return self._over(request, payment, language)
        if form.get("action") == "cancel":
            return see_other(self._checkouts.give_up(payment))
        errors = self._errors(payment, form) if form else {}
        if not form or errors:
            name = "phone.html" if payment.by_phone else "card.html"
            return self._page(name, self._checkouts.card_path, payment, language=language, errors=errors, form=form)
        number = form["number"]
        self._checkouts.enter_card(payment, number=number, behaviour=_accepted(payment)[cards.digits_of(number)])
        return see_other(f"{_at(self._checkouts.issuer_path, payment)}?lang={language}")

    async def issuer(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        payment = self._checkouts.find(request.path_params["key"])
        language = _language(request, form, payment)
        if payment is None or not self._checkouts.open(payment):
            return self._over(request, payment, language)
        if payment.card_number is None:
            return see_other(f"{_at(self._checkouts.card_path, payment)}?lang={language}")
        if form.get("action") == "cancel":
            return see_other(self._checkouts.give_up(payment))
        if form:
            address = self._checkouts.authenticate(payment, code=form.get("code", "").strip()[:20])
            if address is not None:
                return see_other(address)
        errors = {"code": "This is not the code. Type the six digits shown above."} if form else {}
        return self._page(
            "issuer.html", self._checkouts.issuer_path, payment, language=language, errors=errors, form=form
        )

    def _page(
        self, name: str, path: str, payment: PaymentT, *, language: str, errors: dict[str, str], form: dict[str, str]
    ) -> Response:
        return page(
            name,
            language=language,
            status=422 if errors else 200,
            form_targets=(payment.success_url, payment.fail_url),
            action=_at(path, payment),
            payment=payment,
            amount=shown(payment.total, payment.currency, language),
            errors=errors,
            form=form,
            accepted=[(cards.spaced(number), cards.EFFECTS[kind]) for number, kind in _accepted(payment).items()],
            code=cards.CODE,
        )

    def _over(self, request: Request, payment: PaymentT | None, language: str) -> Response:
        """Nothing is left to do here: a form that came late goes back at once, a page is told so."""
        way_back = self._checkouts.way_back(payment) if payment else None
        if payment is None or way_back is None:
            return page("problem.html", language=language, status=404, problem=NO_PAYMENT)
        if request.method == "POST":
            return see_other(way_back)
        return page("over.html", language=language, payment=payment, way_back=way_back)

    def _errors(self, payment: PaymentT, form: dict[str, str]) -> dict[str, str]:
        errors: dict[str, str] = {}
        if payment.by_phone:
            if cards.digits_of(form.get("number", "")) not in cards.PHONES:
                errors["number"] = "Only the test numbers listed on this page are accepted."
            return errors
        if cards.digits_of(form.get("number", "")) not in cards.CARDS:
            errors["number"] = "Only the test cards listed on this page are accepted."
        if not cards.good_until(form.get("expiry", ""), today=self._checkouts.today()):
            errors["expiry"] = "Type a month to come, as MM/YY."
        if not 1 <= len(form.get("holder", "").strip()) <= 100:
            errors["holder"] = "Type the name on the card."
        return errors


def _at(path: str, payment: Shown) -> str:
    return path.replace("{key}", payment.key)


def _language(request: Request, form: dict[str, str], payment: Shown | None) -> str:
    wishes = (form.get("lang"), request.query_params.get("lang"), payment.locale if payment else None)
    return next((wish for wish in wishes if wish in LANGUAGES), "ko")


def _accepted(payment: Shown) -> dict[str, Behaviour]:
    return cards.PHONES if payment.by_phone else cards.CARDS
