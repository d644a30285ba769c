"""`manage.py make_samples`: people to try the sites with. They are invented, and production refuses to make them."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Role
from accounts.selectors.officers import all_officers
from accounts.services.levying_bodies import district_codes
from accounts.services.people import EmailAlreadyUsed, create_citizen, create_officer, give_code_generator
from accounts.services.roles import ask_role, first_roles, grant_role
from billing import services as billing
from billing.sample_roll import write_sample_roll
from core import clock
from etax.environment import environment

CITY = "11000"
ROLL = ("automobile", 2026, 2)
# Whom the sandbox's mobile identity knows (docs/protocols/identity.md), so that signing in that way shows a bill.
KNOWN_PEOPLE = (("p-0001", "박승우", "690302-9635604"), ("p-0002", "송지준", "730715-0866448"))
OFFICERS = {
    "administrator": ("나관리", CITY),
    "second_administrator": ("도관리", CITY),
    "assessor": ("라부과", CITY),
    "approver": ("마결재", CITY),
    "collector": ("차징수", CITY),
    "treasurer": ("바금고", CITY),
    "call_agent": ("하상담", CITY),
    "auditor": ("사감사", CITY),
    "refund_approver": ("카환급", CITY),
    "court_clerk": ("타서기", CITY),
    "chair": ("파위원", CITY),
    "committee_member": ("가변호", CITY),
    "committee_member_2": ("나변호", CITY),
    "committee_member_3": ("다세무", CITY),
    "committee_member_4": ("라세무", CITY),
    "committee_member_5": ("마회계", CITY),
    "committee_member_6": ("바교수", CITY),
    "committee_member_7": ("사판사", CITY),
    "committee_member_8": ("아국장", CITY),
    "special_tax_advocate": ("자변호", CITY),
    "special_tax_advocate_2": ("차변호", CITY),
    "district_assessor": ("아종로", "11110"),
    "district_cashier": ("하창구", "11110"),
}


@dataclass(frozen=True)
class Sample:
    """How to sign in; `code_secret` goes into a code generator (base 32), citizens have none."""

    name: str
    email: str
    password: str
    code_secret: str = ""


class Command(BaseCommand):
    help = "Make sample officers and a citizen, or tell of those that are there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--roll", action="store_true", help="also issue a small levy roll, once")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("these people have known passwords: not in production")
        samples = {key: _sample(key, name) for key, (name, _) in OFFICERS.items()}
        citizen = _sample("citizen", "자납세")
        _make(samples, citizen)
        everybody = {**samples, "citizen": citizen}
        if options["roll"]:
            _issue_sample_roll(samples)
        if options["json"]:
            self.stdout.write(json.dumps({key: asdict(one) for key, one in everybody.items()}, ensure_ascii=False))
            return
        for key, one in everybody.items():
            code = f"   code generator {one.code_secret}" if one.code_secret else ""
            self.stdout.write(f"  {key:22} {one.email:36} {one.password}{code}")
        if options["roll"]:
            self.stdout.write("  With a mobile identity anybody on its list signs in; the first two have a bill.")


def _make(samples: dict[str, Sample], citizen: Sample) -> None:
    """Those who are there already keep their names, passwords and secrets."""
    there = {officer.email: officer.account_id for officer in all_officers()}
    new = [key for key, one in samples.items() if one.email not in there]
    ids = {key: _officer(one, OFFICERS[key][1]) if key in new else there[one.email] for key, one in samples.items()}
    first, second = ids["administrator"], ids["second_administrator"]
    if "administrator" in new:
        first_roles(administrators=[first, second], at=clock.now())
    for key in new:
        if "administrator" not in key:
            role = Role(re.sub(r"^district_|_\d+$", "", key))
            grant = ask_role(officer_id=ids[key], role=role, reason="sample", actor_id=first, at=clock.now())
            grant_role(grant_id=grant, actor_id=second, at=clock.now())
    with suppress(EmailAlreadyUsed):
        create_citizen(email=citizen.email, password=citizen.password)


def _issue_sample_roll(samples: dict[str, Sample]) -> None:
    """Brought by one sample officer, approved by another, as it is done on the office's pages."""
    tax, year, half = ROLL
    text = io.StringIO()
    write_sample_roll(file=text, count=100, year=year, half=half, districts=sorted(district_codes()))
    for number, (person, name, resident_number) in enumerate(KNOWN_PEOPLE):
        payer = [f"SAMPLE-{person}", "11110", name, resident_number, f"{person}@example.kr"]
        vehicle = [f"998하{number:04d}", "passenger", "private", "1998", "", "2020-03-01", str(half)]
        csv.writer(text, lineterminator="\n").writerow([*payer, *vehicle])
    ids = {officer.email: officer.account_id for officer in all_officers()}
    assessor, approver = ids[samples["assessor"].email], ids[samples["approver"].email]
    try:
        roll_id = billing.import_roll(
            content=text.getvalue().encode(),
            file_name="sample.csv",
            tax=tax,
            year=year,
            term=half,
            uploaded_by_id=assessor,
            at=clock.now(),
        )
    except billing.RollAlreadyImported:
        return
    billing.approve_roll(roll_id=roll_id, approved_by_id=approver, at=clock.now())
    billing.request_issue(roll_id=roll_id, requested_by_id=approver)


def _officer(one: Sample, body: str) -> int:
    account_id = create_officer(email=one.email, name=one.name, body=body, password=one.password)
    give_code_generator(account_id=account_id, secret=base64.b32decode(one.code_secret).hex())
    return account_id


def _sample(key: str, name: str) -> Sample:
    """The same for each checkout, another in the next one."""
    email = f"{key.replace('_', '-')}@example.kr"
    secret = hmac.new(environment.secret("ETAX_SAMPLE_KEY").encode(), key.encode(), hashlib.sha256).digest()
    password = f"sample-{secret[20:26].hex()}"
    return Sample(name, email, password, "" if key == "citizen" else base64.b32encode(secret[:20]).decode())
