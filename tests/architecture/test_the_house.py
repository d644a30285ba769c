"""What holds the house together and no single app can see."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from etax import wiring
from etax.celery import app as celery_app

CHECKOUT = Path(__file__).resolve().parent.parent.parent
FLOORS = [
    {"core"},
    {"accounts"},
    {"ledger"},
    {"receipts"},
    {"billing", "mileage"},
    {"payments"},
    {"appeals", "refunds", "filing"},
    {"notices"},
    {"etax"},
]
HEIGHT = {name: height for height, floor in enumerate(FLOORS) for name in floor}
OURS = [name for name in HEIGHT if (CHECKOUT / name).is_dir()]


@cache
def python_files() -> list[Path]:
    folders = [*OURS, "sandbox", "tools", "bench", "tests"]
    return [path for folder in folders for path in (CHECKOUT / folder).rglob("*.py") if "migrations" not in path.parts]


def test_a_foreign_key_points_to_its_own_floor_or_below() -> None:
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and _above(field.related_model, model)
    ]
    assert wrong == []


def _above(target: Any, model: type[models.Model]) -> bool:
    own, other = model._meta.app_label, target._meta.app_label
    return other in HEIGHT and other != own and HEIGHT[other] >= HEIGHT[own]


def test_migrations_are_complete() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_task_has_a_queue() -> None:
    celery_app.loader.import_default_modules()
    ours = [name for name in celery_app.tasks if not name.startswith("celery.")]
    assert "core.deliver" in ours
    assert sorted(ours) == sorted(settings.CELERY_TASK_ROUTES)


def test_every_beat_entry_is_a_task() -> None:
    celery_app.loader.import_default_modules()
    assert [
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] not in celery_app.tasks
    ] == []


def test_every_subscription_is_a_handler_on_a_named_topic() -> None:
    for topic, handlers in wiring.SUBSCRIPTIONS.items():
        assert topic.rpartition(".v")[2].isdigit(), topic
        for path in handlers:
            assert callable(import_string(path)), path
            assert path.split(".")[1] == "handlers", path


@dataclass(frozen=True)
class Read:
    """What is asked about a file: whom it calls, with the first argument where that is a constant; its functions."""

    calls: list[tuple[str, str | None]]
    lengths: list[int]


@cache
def _read(path: Path) -> Read:
    """Each file is parsed once; of the tree only the answers are kept."""
    read = Read([], [])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            read.lengths.append((node.end_lineno or 0) - node.lineno + 1)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0] if node.args else None
            read.calls.append((name, str(first.value) if isinstance(first, ast.Constant) else None))
    return read


def _own_files() -> list[Path]:
    return [path for path in python_files() if "tests" not in path.parts]


def test_every_published_topic_is_named_once_and_versioned() -> None:
    for path in _own_files():
        for name, topic in _read(path).calls:
            if name == "publish" and topic is not None:
                assert topic.rpartition(".v")[2].isdigit(), f"{path}: {topic!r}"


def test_no_signals() -> None:
    """A state change is a call that one can read, not a receiver that one has to know of."""
    found = [str(path) for path in _own_files() if any(name == "receiver" for name, _ in _read(path).calls)]
    assert found == []


def test_nothing_is_longer_than_one_can_read() -> None:
    too_long = [str(path) for path in python_files() if len(path.read_text().splitlines()) > 400]
    assert too_long == []


def test_functions_are_short() -> None:
    lengths = sorted(length for path in _own_files() for length in _read(path).lengths)
    assert lengths[len(lengths) // 2] <= 10
    assert lengths[len(lengths) * 9 // 10] <= 35


def test_every_page_of_text_is_in_git_and_none_names_a_download() -> None:
    done = subprocess.run(
        [
            "git",
            "grep",
            "-nIiE",
            r"https?://[^ \"]+\.(whl|tgz|tar\.gz|deb)|\"resolved\":",
            "--",
            ":!tests/architecture",
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


@pytest.mark.parametrize("face", ["public", "office", "intake", "worker"])
def test_no_face_but_the_worker_knows_how_to_sign_the_log(face: str) -> None:
    source = (CHECKOUT / "etax" / "settings" / f"{face}.py").read_text()
    assert ("ETAX_LOG_SIGNING_KEY" in source) == (face == "worker")
