"""`manage.py prepare_database`: roles and database, before the first migration and after a change of passwords."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand

from core import roles
from core.db.address import DatabaseAddress


class Command(BaseCommand):
    help = "Create the database and its roles (needs an address with CREATEROLE and CREATEDB in ETAX_DATABASE_URL)."

    def handle(self, *args: object, **options: object) -> None:
        address: DatabaseAddress = settings.ADMIN_DATABASE
        with address.connect(name="postgres") as admin:
            roles.ensure_roles(admin, key=settings.ROLE_PASSWORD_KEY)
            roles.ensure_database(admin, name=address.name)
        with address.connect() as inside:
            roles.close_doors(inside)
