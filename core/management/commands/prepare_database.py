"""`manage.py prepare_database`: roles and database, before the first migration and after a change of passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from psycopg import sql

from core import roles
from core.db.address import DatabaseAddress
from core.db.history import foreign_migrations


class Command(BaseCommand):
    help = "Create the database and its roles (needs an address with CREATEROLE and CREATEDB in ETAX_DATABASE_URL)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show-logins", action="store_true", help="print each face's address with its password")
        parser.add_argument(
            "--throw-away-foreign",
            action="store_true",
            help="begin anew, without its data, if the database was migrated along another history than ours",
        )

    def handle(self, *args: object, **options: object) -> None:
        address: DatabaseAddress = settings.ADMIN_DATABASE
        with address.connect(name="postgres") as admin:
            roles.ensure_roles(admin, key=settings.ROLE_PASSWORD_KEY)
            roles.ensure_database(admin, name=address.name)
            if options["throw_away_foreign"]:
                self._throw_away_foreign(admin, address)
        with address.connect() as inside:
            roles.close_doors(inside)
        if options["show_logins"]:
            for face in roles.FACES:
                login = f"{roles.role_name(face)}:{roles.derived_password(settings.ROLE_PASSWORD_KEY, face)}"
                self.stdout.write(f"{face}: postgresql://{login}@{address.host}:{address.port}/{address.name}")

    def _throw_away_foreign(self, admin: psycopg.Connection[Any], address: DatabaseAddress) -> None:
        with address.connect() as inside:
            migrated = inside.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
            applied: Iterable[tuple[str, str]] = ()
            if migrated == (True,):
                applied = inside.execute("SELECT app, name FROM django_migrations")
            foreign = foreign_migrations(applied)
        if foreign:
            name = sql.Identifier(address.name)
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            roles.ensure_database(admin, name=address.name)
            self.stdout.write(
                f"{address.name} had migrations that this checkout does not know ({foreign[0]} is one): made anew"
            )
