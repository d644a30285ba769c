from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.services import EmailAlreadyUsed, create_officer, first_roles
from accounts.services.levying_bodies import city_code
from accounts.services.links import invite_officer
from accounts.services.roles import RoleAlreadyHeld
from core import clock


class Command(BaseCommand):
    help = "Appoint the first administrators of a new installation (two or more); each is mailed a link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("emails", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        emails: list[str] = options["emails"]
        if len(set(emails)) < 2:
            raise CommandError("granting a role needs two: name two e-mail addresses at least")
        try:
            with transaction.atomic():
                accounts = [create_officer(email=email, name=email, body=city_code()) for email in emails]
                first_roles(administrators=accounts, at=clock.now())
                for email in emails:
                    invite_officer(email=email)
        except (EmailAlreadyUsed, RoleAlreadyHeld) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{len(accounts)} administrators; links are on their way")
