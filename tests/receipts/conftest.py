from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from accounts.models import Account, Taxpayer
from receipts.models import Kind
from receipts.services import request_document
from receipts.services.issue_document import the_signer
from tests.accounts import people
from tests.receipts.papers import NOW, City, found_city, receipt_facts, render
from tests.support.database import AsRole


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="session")
def city(city_folder: Path) -> City:
    return found_city(city_folder)


@pytest.fixture(scope="session")
def signed(city: City) -> bytes:
    return city.signer.sign(pdf=render(), reason="납부확인서", at=NOW)


@pytest.fixture
def signing(city: City, city_folder: Path) -> Iterator[None]:
    """Settings in which documents are signed and checked by the test's own city."""
    files = {
        "DOCUMENT_KEY": city_folder / "key.pem",
        "DOCUMENT_CERTIFICATE": city_folder / "certificate.pem",
        "DOCUMENT_ROOTS": city_folder / "roots.pem",
    }
    with override_settings(**files):
        the_signer.cache_clear()
        yield
    the_signer.cache_clear()


@pytest.fixture
def taxpayer(db: None) -> Taxpayer:
    return Taxpayer.objects.create(kind=Taxpayer.Kind.INDIVIDUAL, name="홍길동")


@pytest.fixture
def ask(taxpayer: Taxpayer) -> Callable[..., int]:
    """Ask for the receipt of a payment; what matters to a test it says itself."""

    def request(**changed: Any) -> int:
        asked: dict[str, Any] = {
            "kind": Kind.PAYMENT,
            "taxpayer_id": taxpayer.pk,
            "reference": "PAY-1",
            "facts": receipt_facts(),
            "at": NOW,
        }
        return request_document(**asked | changed)

    return request


@pytest.fixture
def open_session(as_role: AsRole) -> Callable[[Taxpayer], str]:
    """The secret of a session in which the taxpayer is signed in."""

    def open_for(taxpayer: Taxpayer) -> str:
        email, proof = f"t{taxpayer.pk}@example.com", "argon2$of-a-test"
        Account.objects.create(email=email, kind=Account.Kind.CITIZEN, assurance=2, taxpayer=taxpayer, password=proof)
        return people.open_session(as_role, face="public", email=email, proof=proof)

    return open_for
