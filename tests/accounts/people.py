"""A small cast: an officer with a code generator, citizens with records, and how they sign in."""

from __future__ import annotations

import secrets
from binascii import unhexlify
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import Assurance, Role
from accounts.models import Account, RoleGrant
from accounts.services import (
    Person,
    create_citizen,
    create_officer,
    find_or_create_taxpayers,
    first_roles,
    give_code_generator,
)
from accounts.services.levying_bodies import Body, save_levying_bodies
from core import clock
from core.db.session import session_secret
from tests.support.database import AsRole
from tests.support.faces import FaceClient

PASSWORD = "four words of our own"
SECRET = "3132333435363738393031323334353637383930"
PARK = Person(name="박승우", resident_number="690302-9635604", email="t000307@example.kr")
SONG = Person(name="송지준", resident_number="730715-0866448", email="t000328@example.kr")


@dataclass(frozen=True)
class Member:
    account: int
    email: str
    taxpayer: int | None = None


def citizen(email: str, person: Person | None = None, assurance: Assurance = Assurance.EMAIL) -> Member:
    taxpayer = find_or_create_taxpayers([person])[0] if person else None
    account = create_citizen(email=email, password=PASSWORD, taxpayer_id=taxpayer, assurance=assurance)
    return Member(account, email, taxpayer)


def officer(email: str, *roles: Role, body: str = "11000", generator: bool = True) -> Member:
    """An officer whose roles two others granted."""
    save_bodies()
    account = create_officer(email=email, name="담당자", body=body, password=PASSWORD)
    if generator:
        give_code_generator(account_id=account, secret=SECRET)
    for role in roles:
        RoleGrant.objects.create(
            officer_id=account, role=role, reason="test", asked_by_id=account, granted_by_id=_elder(),
            granted_at=clock.now(),
        )  # fmt: skip
    return Member(account, email)


@contextmanager
def at_a_desk(as_role: AsRole, *roles: Role, body: str = "11000", email: str = "desk@example.com") -> Iterator[Member]:
    """Within the block, SQL runs as the office's login with the session of an officer who holds these roles."""
    client = FaceClient("office", as_role)
    known = Account.objects.filter(email=email).values_list("pk", flat=True).first()
    member = Member(known, email) if known else officer(email, *roles, body=body)
    sign_in(client, member)
    with as_role("office"), session_secret(client.cookies["office_session"].value):
        yield member


def open_session(as_role: AsRole, *, face: str, email: str, proof: str) -> str:
    """The secret of a session that a face opens with this proof, without a page; a one-time code may still be due."""
    secret = secrets.token_urlsafe(32)
    with as_role(face), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_offer_proof(%s, %s, '')", [email, proof])
        offer = cursor.fetchone()[0]
        cursor.execute("SELECT accounts_open_session(%s, %s, %s, '', %s, '', '')", [offer, email, proof, secret])
    return secret


def administrators() -> tuple[Member, Member]:
    first, second = officer("first@example.com"), officer("second@example.com")
    first_roles(administrators=[first.account, second.account], at=clock.now())
    return first, second


def save_bodies() -> None:
    save_levying_bodies(
        bodies=[
            Body(code="11000", kind="city", name_ko="서울특별시", name_en="Seoul"),
            Body(code="11110", kind="district", name_ko="종로구", name_en="Jongno-gu"),
            Body(code="11140", kind="district", name_ko="중구", name_en="Jung-gu"),
        ]
    )


def code_of(secret: str = SECRET, *, ahead: int = 0) -> str:
    return f"{totp(unhexlify(secret), t0=-30 * ahead):06d}"  # type: ignore[no-untyped-call]


def sign_in(client: Any, member: Member) -> Any:
    """Password, and the code where one is asked for."""
    answer = client.post("/sign-in/", {"email": member.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    if "/code/" in answer["Location"]:
        TOTPDevice.objects.filter(user_id=member.account).update(last_t=-1, throttling_failure_count=0)
        answer = client.post("/sign-in/code/", {"code": code_of()})
        assert answer.status_code == 302, answer.content.decode()
    return answer


def _elder() -> int:
    email = "elder@example.com"
    found = Account.objects.filter(email=email).values_list("pk", flat=True).first()
    return found or create_officer(email=email, name="선임", body="11000")
