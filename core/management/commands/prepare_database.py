"""`manage.py prepare_database`: roles and database, before the first migration and after a change of passwords."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core import roles
from core.db.address import DatabaseAddress


class Command(BaseCommand):
    help = "Create the database and its roles (needs an address with CREATEROLE and CREATEDB in ETAX_DATABASE_URL)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show-logins", action="store_true", help="print each face's address with its password")

    def handle(self, *args: object, **options: object) -> None:
        address: DatabaseAddress = settings.ADMIN_DATABASE
        with address.connect(name="postgres") as admin:
            roles.ensure_roles(admin, key=settings.ROLE_PASSWORD_KEY)
            roles.ensure_database(admin, name=address.name)
        with address.connect() as inside:
            roles.close_doors(inside)
        if options["show_logins"]:
            for face in roles.FACES:
                login = f"{roles.role_name(face)}:{roles.derived_password(settings.ROLE_PASSWORD_KEY, face)}"
                self.stdout.write(f"{face}: postgresql://{login}@{address.host}:{address.port}/{address.name}")
