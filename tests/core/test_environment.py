"""Settings refuse to start on nonsense, naming the variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etax.environment import BadSetting, Environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("ETAX_DATABASE_URL", "mysql://x/y", "must be a URL that starts with postgresql://"),
        ("ETAX_DATABASE_URL", "postgresql://host:port/etax", "is not a URL"),
        ("ETAX_DATABASE_URL", "postgresql://host/", "must name a host and a database"),
        ("ETAX_BROKER_URL", "redis://localhost", "must be a URL that starts with amqp://"),
        ("ETAX_SMTP_PORT", "twenty-five", "must be a whole number"),
        ("ETAX_SMTP_PORT", "２５", "must be a whole number"),
        ("ETAX_ENVIRONMENT", "prod", "must be one of development, production"),
        ("ETAX_SECRET_KEY", "short", "is shorter than 32 characters"),
        ("ETAX_SECRET_KEY_FILE", "/nowhere/at/all", "can't be read"),
    ],
)
def test_the_start_stops_and_names_the_variable(name: str, value: str, problem: str) -> None:
    done = _start({name: value})
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"{name}:")
    assert problem in done.stderr


@pytest.mark.parametrize("face", ["public", "office", "intake", "worker"])
def test_production_does_not_start_without_its_secrets(face: str) -> None:
    done = _start({"ETAX_ENVIRONMENT": "production"}, face)
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == "ETAX_SECRET_KEY: is not set; give it or ETAX_SECRET_KEY_FILE (at least 32 random characters)"
    )


def test_a_face_does_not_start_with_another_faces_login() -> None:
    done = _start({"ETAX_FACE_DATABASE_URL": "postgresql://etax_office:x@127.0.0.1/etax"}, "public")
    assert done.returncode == 1
    assert "signs in as 'etax_office', this face is 'etax_public'" in done.stderr


def test_a_secret_is_made_once_in_development(tmp_path: Path) -> None:
    made = Environment({}, tmp_path).secret("ETAX_X")
    assert len(made) == 64
    assert Environment({}, tmp_path).secret("ETAX_X") == made
    assert (tmp_path / "ETAX_X").stat().st_mode & 0o777 == 0o600


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    values = {"ETAX_X_FILE": str(tmp_path / "key"), "ETAX_ENVIRONMENT": "production"}
    assert Environment(values, tmp_path).secret("ETAX_X") == "k" * 40


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="ETAX_Y: is not set"):
        Environment({}, tmp_path).text("ETAX_Y")


def _start(values: dict[str, str], face: str = "worker") -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ETAX_", "DJANGO_"))}
    env |= {"DJANGO_SETTINGS_MODULE": f"etax.settings.{face}", **values}
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DATABASES"],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_must_name_a_file_that_can_be_read(tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert Environment({}).file("ETAX_X", made) == made
    for values in ({}, {"ETAX_X": str(tmp_path / "missing")}):
        with pytest.raises(BadSetting, match="ETAX_X"):
            Environment({**values, "ETAX_ENVIRONMENT": "production"}).file("ETAX_X", made)
    made.touch()
    assert Environment({"ETAX_X": str(made), "ETAX_ENVIRONMENT": "production"}).file("ETAX_X", tmp_path) == made
