"""A database that was migrated along another history is refused, and thrown away only where somebody asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from psycopg import sql

from core.db.address import DatabaseAddress
from tests.support.database import making, template_name, using, wrapper_for

FOREIGN = "billing.0099_of_a_newer_release"


@pytest.fixture
def elsewhere(database_name: str, django_db_blocker: Any) -> Iterator[DatabaseAddress]:
    """A migrated database that knows one migration more than we do; no other process makes databases meanwhile."""
    admin: DatabaseAddress = settings.ADMIN_DATABASE
    address = replace(admin, name=f"{database_name}_elsewhere")
    name, template = sql.Identifier(address.name), sql.Identifier(template_name())
    with django_db_blocker.unblock(), making() as server:
        server.execute(sql.SQL("CREATE DATABASE {} OWNER etax_owner TEMPLATE {}").format(name, template))
        try:
            with address.connect() as inside:
                inside.execute(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", FOREIGN.split(".")
                )
            yield address
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def migrate(address: DatabaseAddress) -> None:
    owner = wrapper_for(address.name, face=None)
    try:
        with using(owner):
            call_command("migrate", verbosity=0)
    finally:
        owner.close()


def prepare(*options: str) -> str:
    said = StringIO()
    call_command("prepare_database", *options, stdout=said)
    return said.getvalue()


def test_nothing_is_migrated_upon_a_history_that_is_not_ours(elsewhere: DatabaseAddress, settings: Any) -> None:
    settings.ADMIN_DATABASE = elsewhere
    with pytest.raises(CommandError, match=FOREIGN):
        migrate(elsewhere)
    assert prepare() == ""
    with elsewhere.connect() as inside:
        assert inside.execute("SELECT count(*) > 0 FROM billing_holiday").fetchone() == (True,)


def test_a_database_to_be_thrown_away_begins_anew(elsewhere: DatabaseAddress, settings: Any) -> None:
    settings.ADMIN_DATABASE = elsewhere
    assert FOREIGN in prepare("--throw-away-foreign")
    with elsewhere.connect() as inside:
        assert inside.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (None,)
    assert prepare("--throw-away-foreign") == ""
