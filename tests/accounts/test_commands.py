"""What an operator does on the command line."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts import tasks
from accounts.enums import Role
from accounts.models import Session, VaultRecord
from accounts.selectors.officers import all_officers
from accounts.services import find_or_create_taxpayers
from accounts.vault.keys import parse_wrapping_keys
from accounts.vault.sealing import public_key_of
from core import clock
from tests.accounts.people import PARK, citizen, save_bodies, sign_in
from tests.support.faces import FaceClient


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_the_first_administrators_vouch_for_each_other(db: None, deliver_events: Callable[[], int]) -> None:
    save_bodies()
    with pytest.raises(CommandError, match="needs two"):
        run("first_administrators", "one@example.com")
    run("first_administrators", "one@example.com", "two@example.com", "three@example.com")
    assert [officer.roles for officer in all_officers()] == [frozenset({Role.ADMINISTRATOR})] * 3
    with pytest.raises(CommandError):
        run("first_administrators", "four@example.com", "five@example.com")
    deliver_events()
    tasks.send_links()
    assert {message.to[0] for message in mail.outbox} == {"one@example.com", "two@example.com", "three@example.com"}


def test_keys_are_rotated_while_numbers_stay(db: None) -> None:
    find_or_create_taxpayers([PARK])
    with override_settings(VAULT_KEYS=f"next:{'33' * 32},{settings.VAULT_KEYS}"):
        assert run("rotate_vault_key").startswith("1 records")
        assert run("rotate_vault_key").startswith("0 records")
    assert VaultRecord.objects.get().key_id == "next"


def test_new_keys_belong_together() -> None:
    printed = dict(line.split("=", 1) for line in run("new_keys").splitlines() if "=" in line)
    assert public_key_of(printed["ETAX_VAULT_PRIVATE_KEY"]) == printed["ETAX_VAULT_PUBLIC_KEY"]
    assert len(parse_wrapping_keys(printed["ETAX_VAULT_KEYS"])) == 1


def test_what_is_over_is_forgotten(public_client: FaceClient) -> None:
    sign_in(public_client, citizen("park@example.com"))
    tasks.forget_the_past()
    assert Session.objects.count() == 1
    Session.objects.update(expires_at=clock.now())
    tasks.forget_the_past()
    assert Session.objects.count() == 0
