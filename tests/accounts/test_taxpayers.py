"""People of a roll find their records; their numbers are in the vault and nowhere else."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import override_settings

from accounts.models import Taxpayer, VaultRecord
from accounts.services import Person, find_or_create_taxpayers
from accounts.vault.keys import VaultIsClosed
from accounts.vault.numbers import NotAResidentNumber
from accounts.vault.records import open_number, rewrap_batch
from accounts.vault.sealing import UnableToOpenSeal, open_seal, seal
from core.models import AuditRecord
from tests.support.database import AsRole

PARK = Person(name="박승우", resident_number="690302-9635604", email="t000307@example.kr")
SONG = Person(name="송지준", resident_number="730715-0866448")
FIRM = Person(name="예시상사", business_number="120-81-47521")


def test_the_same_person_is_one_taxpayer_however_the_number_is_written(db: None) -> None:
    again = Person(name="박승우", resident_number="６９０３０２ 9635604")
    first, second, third, firm = find_or_create_taxpayers([PARK, SONG, again, FIRM])
    assert first == third
    assert len({first, second, firm}) == 3
    assert find_or_create_taxpayers([FIRM, SONG, PARK]) == [firm, second, first]
    assert Taxpayer.objects.count() == 3
    park = Taxpayer.objects.get(pk=first)
    assert (park.kind, str(park.birth_date), park.email) == ("individual", "1869-03-02", "t000307@example.kr")
    assert Taxpayer.objects.get(pk=firm).kind == "business"


def test_any_number_of_people_take_the_same_few_statements(db: None, django_assert_max_num_queries: object) -> None:
    people = [Person(name=f"사람{i}", resident_number=f"{i % 90 + 10:02d}0101-9{i:06d}") for i in range(500)]
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        ids = find_or_create_taxpayers(people)
    assert len(set(ids)) == 500


def test_a_bad_number_stops_everything(db: None) -> None:
    with pytest.raises(NotAResidentNumber):
        find_or_create_taxpayers([PARK, Person(name="홍길동", resident_number="691302-9635604")])
    assert Taxpayer.objects.count() == 0


def test_an_opening_is_audited_with_its_reason(db: None) -> None:
    (taxpayer,) = find_or_create_taxpayers([PARK])
    record = VaultRecord.objects.get()
    assert open_number(record.pk, reason="written demand") == "6903029635604"
    audit = AuditRecord.objects.get(action="vault.opened")
    assert (audit.taxpayer_id, audit.reason) == (taxpayer, "written demand")
    with pytest.raises(ValueError, match="reason"):
        open_number(record.pk, reason=" ")


def test_nothing_in_the_vault_shows_the_number(db: None) -> None:
    find_or_create_taxpayers([PARK])
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM accounts_vaultrecord v")
        (text,) = cursor.fetchone()
    assert b"6903029635604".hex() not in text
    assert "9635604" not in text


def test_after_rotation_the_old_key_is_no_longer_needed(db: None) -> None:
    find_or_create_taxpayers([PARK, SONG])
    old = settings.VAULT_KEYS
    new = "2027:" + "22" * 32
    with override_settings(VAULT_KEYS=f"{new},{old}"):
        find_or_create_taxpayers([FIRM])
        assert rewrap_batch() == 2
        assert rewrap_batch() == 0
    with override_settings(VAULT_KEYS=new):
        opened = {open_number(record.pk, reason="test") for record in VaultRecord.objects.all()}
    assert opened == {"6903029635604", "7307150866448", "1208147521"}


@pytest.mark.parametrize("face", ["public", "office", "intake"])
def test_no_other_login_reads_the_vault_and_no_other_process_has_its_keys(as_role: AsRole, face: str) -> None:
    find_or_create_taxpayers([PARK])
    with as_role(face), pytest.raises(DatabaseError, match="permission denied"):
        VaultRecord.objects.count()
    with override_settings(FACE=face), pytest.raises(VaultIsClosed):
        find_or_create_taxpayers([SONG])


def test_a_swapped_record_does_not_open(db: None) -> None:
    find_or_create_taxpayers([PARK, SONG])
    one, other = VaultRecord.objects.order_by("pk")
    VaultRecord.objects.filter(pk=one.pk).update(ciphertext=other.ciphertext, wrapped_key=other.wrapped_key)
    with pytest.raises(InvalidTag):
        open_number(one.pk, reason="test")


def test_what_a_public_page_sealed_only_the_worker_opens_and_only_for_its_use(db: None) -> None:
    sealed = seal(text="690302-9635604", use="claim")
    assert len(sealed) == len(seal(text="1", use="claim"))
    assert open_seal(sealed=sealed, use="claim") == "690302-9635604"
    with pytest.raises(UnableToOpenSeal):
        open_seal(sealed=sealed, use="relative")
    with override_settings(FACE="public"), pytest.raises(VaultIsClosed):
        open_seal(sealed=sealed, use="claim")
