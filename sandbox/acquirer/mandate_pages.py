"""The bank's pages on which the holder of an account agrees to be debited."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox import cards
from sandbox.acquirer import mandates
from sandbox.acquirer.debits import CONFIRM_WITHIN
from sandbox.acquirer.house import House, change_mandate
from sandbox.acquirer.mandates import ACCOUNTS, Mandate
from sandbox.acquirer.states import MandateStatus
from sandbox.cards import Behaviour
from sandbox.errors import ApiError
from sandbox.store import transaction
from sandbox.web import LANGUAGES, page, read_form, see_other, with_query

NO_MANDATE = "There is no such mandate."
MOST_WRONG_CODES = 3
GIVEN_UP = {"code": "MANDATE_CANCELED", "message": "The holder did not agree."}
REFUSED = {"code": "MANDATE_REFUSED", "message": "The bank does not know this person as the account's holder."}
EFFECTS: dict[Behaviour, str] = {
    Behaviour.APPROVE: "is debited as long as there is money in it",
    Behaviour.DECLINE: "is empty until money is put in",
    Behaviour.FAIL_AUTHENTICATION: "the bank refuses the holder",
    Behaviour.LOSE_ANSWER: "is debited, the first answer is lost",
    Behaviour.APPROVE_LATE: "first an error, debited three seconds later",
    Behaviour.SLOW: "is debited after five seconds",
    Behaviour.CLOSE: "is closed by the first debit",
}


class MandatePages:
    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/mandate/{key}", self.account, methods=["GET", "POST"]),
            Route("/mandate/{key}/confirm", self.code, methods=["GET", "POST"]),
        ]

    async def account(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        mandate = self._find(request)
        language = _language(request, form, mandate)
        if mandate is None or mandate.status != MandateStatus.READY:
            return self._over(request, mandate, language)
        if form.get("action") == "cancel":
            return self._give_up(mandate)
        number = cards.digits_of(form.get("accountNumber", ""))
        errors = _errors(number, form) if form else {}
        if not form or errors:
            return _page("mandate.html", mandate, language=language, errors=errors, form=form)
        with transaction(self._house.db):
            mandates.open_account(self._house.db, number)
            mandates.change(self._house.db, mandate, account_number=number, holder=form["holderName"].strip())
        return see_other(f"/mandate/{mandate.key}/confirm?lang={language}")

    async def code(self, request: Request) -> Response:
        form = await read_form(request) if request.method == "POST" else {}
        mandate = self._find(request)
        language = _language(request, form, mandate)
        if mandate is None or mandate.status != MandateStatus.READY:
            return self._over(request, mandate, language)
        if mandate.account_number is None:
            return see_other(f"/mandate/{mandate.key}?lang={language}")
        if form.get("action") == "cancel":
            return self._give_up(mandate)
        errors = {}
        if form:
            decided = self._decide(mandate, form.get("code", "").strip()[:20])
            if decided.status != MandateStatus.READY:
                return see_other(_away(decided))
            errors = {"code": "This is not the code. Type the six digits shown above."}
        return _page("mandate_code.html", mandate, language=language, errors=errors, form=form, at="/confirm")

    def _find(self, request: Request) -> Mandate | None:
        self._house.tick()
        try:
            return mandates.find(self._house.db, column="key", value=request.path_params["key"])
        except ApiError:
            return None

    def _decide(self, mandate: Mandate, code: str) -> Mandate:
        """AGREED or REFUSED, or still READY after a wrong code."""
        now = self._house.clock.now()
        with transaction(self._house.db):
            known = mandates.behaviour_of(mandate) != Behaviour.FAIL_AUTHENTICATION
            if known and code == cards.CODE:
                return change_mandate(
                    self._house, mandate, status=MandateStatus.AGREED, agreed_at=now, expires_at=now + CONFIRM_WITHIN
                )
            if not known or mandate.wrong_codes + 1 >= MOST_WRONG_CODES:
                return change_mandate(self._house, mandate, status=MandateStatus.REFUSED, failure=REFUSED)
            return mandates.change(self._house.db, mandate, wrong_codes=mandate.wrong_codes + 1)

    def _give_up(self, mandate: Mandate) -> Response:
        with transaction(self._house.db):
            return see_other(
                _away(change_mandate(self._house, mandate, status=MandateStatus.REFUSED, failure=GIVEN_UP))
            )

    def _over(self, request: Request, mandate: Mandate | None, language: str) -> Response:
        """Nothing is left to do here: a form that came late goes back at once, a page is told so."""
        if mandate is None:
            return page("problem.html", language=language, status=404, problem=NO_MANDATE)
        if request.method == "POST":
            return see_other(_away(mandate))
        return page("over.html", language=language, way_back=_away(mandate))


def _page(
    name: str, mandate: Mandate, *, language: str, errors: dict[str, str], form: dict[str, str], at: str = ""
) -> Response:
    return page(
        name,
        language=language,
        status=422 if errors else 200,
        form_targets=(mandate.success_url, mandate.fail_url),
        action=f"/mandate/{mandate.key}{at}",
        mandate=mandate,
        account=mandates.masked(mandate.account_number) if mandate.account_number else "",
        errors=errors,
        form=form,
        accepted=[(f"9910000000{ending}", EFFECTS[kind]) for ending, kind in ACCOUNTS.items()],
        code=cards.CODE,
    )


def _errors(number: str, form: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not mandates.is_account(number):
        errors["accountNumber"] = "Only test accounts are accepted: 99, and last digits listed on this page."
    name = form.get("holderName", "").strip()
    if not (1 <= len(name) <= 60 and name.isprintable()):
        errors["holderName"] = "Type the name of the account's holder."
    return errors


def _away(mandate: Mandate) -> str:
    if mandate.failure is not None:
        return with_query(mandate.fail_url, **mandate.failure, mandateId=mandate.id)
    return with_query(mandate.success_url, mandateKey=mandate.key, mandateId=mandate.id)


def _language(request: Request, form: dict[str, str], mandate: Mandate | None) -> str:
    wishes = (form.get("lang"), request.query_params.get("lang"), mandate.locale if mandate else None)
    return next((wish for wish in wishes if wish in LANGUAGES), "ko")
