"""The payer's telephone in a browser: what the acquirer's voice says, and the keys that are pressed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox import cards
from sandbox.acquirer import book, phone_entries
from sandbox.acquirer.book import Payment
from sandbox.acquirer.house import House
from sandbox.acquirer.states import Status
from sandbox.errors import ApiError
from sandbox.money import shown
from sandbox.web import LANGUAGES, language_of, page, read_form, see_other

NOBODY_CALLS = "Nobody calls this telephone now."
WRONG_CARD = "Only the test cards listed on this page are accepted."
WRONG_EXPIRY = "Type a month to come as four keys, for example 1240."
WRONG_KEY = "Press 1 or 2."


class TelephonePages:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/phone", self.telephone, methods=["GET", "POST"]),
            Route("/phone/{key}", self.card, methods=["GET", "POST"]),
            Route("/phone/{key}/consent", self.consent, methods=["GET", "POST"]),
        ]

    async def telephone(self, request: Request) -> Response:
        form, language = await _read(request)
        errors: dict[str, str] = {}
        if form:
            self._house.tick()
            key = phone_entries.waiting(self._house, cards.digits_of(form.get("telephone", "")))
            if key is not None:
                return see_other(f"/phone/{key}?lang={language}")
            errors["telephone"] = NOBODY_CALLS
        status = 422 if errors else 200
        return page("telephone.html", language=language, status=status, errors=errors, form=form)

    async def card(self, request: Request) -> Response:
        form, language = await _read(request)
        payment = self._find(request)
        if payment is None or payment.status != Status.READY:
            return self._over(payment, language)
        if form.get("action") == "hang-up":
            phone_entries.hang_up(self._house, payment)
            return see_other(f"/phone/{payment.key}?lang={language}")
        errors: dict[str, str] = {}
        if form:
            keys = form.get("expiry", "")
            if not cards.good_until(f"{keys[:2]}/{keys[2:]}", today=self._house.today()):
                errors["expiry"] = WRONG_EXPIRY
            elif phone_entries.type_card(self._house, payment, cards.digits_of(form.get("card", ""))):
                return see_other(f"/phone/{payment.key}/consent?lang={language}")
            else:
                errors["card"] = WRONG_CARD
                payment = self._find(request)
                if payment is None or payment.status != Status.READY:
                    return self._over(payment, language)
        return self._page("telephone_card.html", payment, language, errors, form)

    async def consent(self, request: Request) -> Response:
        form, language = await _read(request)
        payment = self._find(request)
        if payment is None or payment.status != Status.READY:
            return self._over(payment, language)
        if payment.card_number is None:
            return see_other(f"/phone/{payment.key}?lang={language}")
        pressed = form.get("consent", "").strip()
        if pressed in ("1", "2"):
            (phone_entries.agree if pressed == "1" else phone_entries.hang_up)(self._house, payment)
            return see_other(f"/phone/{payment.key}?lang={language}")
        return self._page("telephone_consent.html", payment, language, {"consent": WRONG_KEY} if form else {}, form)

    def _page(
        self, name: str, payment: Payment, language: str, errors: dict[str, str], form: dict[str, str]
    ) -> Response:
        return page(
            name,
            language=language,
            status=422 if errors else 200,
            payment=payment,
            amount=shown(payment.total, payment.currency, language),
            errors=errors,
            form=form,
            accepted=[(cards.spaced(number), cards.EFFECTS[kind]) for number, kind in cards.CARDS.items()],
        )

    def _find(self, request: Request) -> Payment | None:
        self._house.tick()
        try:
            payment = book.find(self._house.db, column="key", value=request.path_params["key"])
        except ApiError:
            return None
        return payment if payment.telephone is not None else None

    @staticmethod
    def _over(payment: Payment | None, language: str) -> Response:
        if payment is None:
            return page("problem.html", language=language, status=404, problem="There is no such payment.")
        agreed = payment.failure is None
        return page("telephone_over.html", language=language, payment=payment, agreed=agreed)


async def _read(request: Request) -> tuple[dict[str, str], str]:
    form = await read_form(request) if request.method == "POST" else {}
    return form, form["lang"] if form.get("lang") in LANGUAGES else language_of(request)
