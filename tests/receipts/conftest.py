from __future__ import annotations

import pytest

from tests.receipts.papers import NOW, City, found_city, render


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def signed(city: City) -> bytes:
    return city.signer.sign(pdf=render(), reason="납부확인서", at=NOW)
