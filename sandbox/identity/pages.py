"""GET and POST /authorize: choose who you are, then approve on the page that stands for the phone."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.identity import codes, requests
from sandbox.identity.people import Person
from sandbox.identity.provider import Provider
from sandbox.identity.requests import Asked, NoWayBack, Refused
from sandbox.web import LANGUAGES, language_of, page, read_form, see_other, with_query

SHOWN = 20
LABELS = {"name": "Name", "birthdate": "Date of birth", "resident_number": "Resident registration number"}


class AuthorizePages:
    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.index),
            Route("/authorize", self.authorize, methods=["GET", "POST"]),
        ]

    async def index(self, request: Request) -> Response:
        return page("identity.html", language=language_of(request))

    async def authorize(self, request: Request) -> Response:
        values = await read_form(request) if request.method == "POST" else dict(request.query_params)
        given = requests.parameters(values)
        language = _language(request, given)
        try:
            client = requests.find_client(self._provider.clients, given)
        except NoWayBack as refusal:
            return page("identity_problem.html", language=language, status=400, problem=str(refusal))
        try:
            asked = requests.read(client, given)
            if values.get("decision") == "deny":
                raise Refused("access_denied", "the person refused")
        except Refused as refusal:
            facts = {"error": refusal.error, "error_description": refusal.description}
            return see_other(self._way_back(given, **facts))
        person = self._provider.people.get(values.get("person", ""))
        if request.method == "POST" and person is not None:
            return self._chosen(values, given, asked, person, language)
        errors = {"person": "Choose a person."} if request.method == "POST" else {}
        return self._choose(values, given, asked, errors, language)

    def _chosen(
        self, values: dict[str, str], given: dict[str, str], asked: Asked, person: Person, language: str
    ) -> Response:
        if values.get("decision") == "approve":
            now = self._provider.clock.now()
            code = codes.issue(self._provider.db, asked=asked, person_id=person.id, now=now)
            return see_other(self._way_back(given, code=code))
        return page(
            "identity_approve.html",
            language=language,
            form_targets=(asked.redirect_uri,),
            given=given,
            links=_links({**given, "login_hint": person.id}),
            client=asked.client.name[language],
            person=person,
            claims=[(LABELS[name], getattr(person, name)) for name in asked.claims],
        )

    def _choose(
        self, values: dict[str, str], given: dict[str, str], asked: Asked, errors: dict[str, str], language: str
    ) -> Response:
        hint = self._provider.people.get(given.get("login_hint", ""))
        found = self._provider.people.search(values.get("q", "").strip(), most=SHOWN)
        return page(
            "identity_choose.html",
            language=language,
            status=422 if errors else 200,
            form_targets=(asked.redirect_uri,),
            given=given,
            links=_links(given),
            client=asked.client.name[language],
            people=([hint] if hint else []) + [person for person in found if person is not hint],
            hint=hint,
            wanted=values.get("q", "")[:100],
            errors=errors,
        )

    def _way_back(self, given: dict[str, str], **facts: str) -> str:
        if "state" in given:
            facts["state"] = given["state"]
        return with_query(given["redirect_uri"], **facts, iss=self._provider.issuer)


def _links(given: dict[str, str]) -> dict[str, str]:
    return {language: "/authorize?" + urlencode({**given, "ui_locales": language}) for language in LANGUAGES}


def _language(request: Request, given: dict[str, str]) -> str:
    wanted = (locale[:2].lower() for locale in given.get("ui_locales", "").split())
    return next((locale for locale in wanted if locale in LANGUAGES), language_of(request))
