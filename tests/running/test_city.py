"""The processes of `make up` and `make demo`, started and stopped as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from psycopg import sql

from tests.support.database import admin_connection, template_name
from tools.city import running_city
from tools.ports import HOST, free_or_another
from tools.programs import face_program

pytestmark = [pytest.mark.socket, pytest.mark.timeout(180)]
CHECKOUT = Path(__file__).resolve().parents[2]
# As the welcome of `make up` calls the faces.
FACES = ("Citizens", "Office", "Intake")
# Of each process something that its command says.
PARTS = (
    *("sandbox acquirer", "sandbox toss", "sandbox atm", "sandbox bank", "sandbox identity", "sandbox mail"),
    *("sandbox sms", "granian", "manage.py atm_host", "celery", " beat ", "manage.py relay"),
)


def _of(folder: Path) -> set[str]:
    """Commands of running processes whose arguments or environment name the folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if os.fsencode(folder) in command + (process / "environ").read_bytes():
                found.add(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def test_make_up_starts_everything_says_where_and_stops_when_told(db: None, database_name: str, tmp_path: Path) -> None:
    admin = settings.ADMIN_DATABASE
    login = f"{admin.user}:{admin.password}@{admin.host}:{admin.port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.up", str(tmp_path)],
        cwd=CHECKOUT,
        env={**os.environ, "ETAX_DATABASE_URL": f"postgresql://{login}/{database_name}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    running: set[str] = set()
    answers: dict[str, int] = {}
    with process.stdout as lines:
        for line in lines:
            said.append(line)
            if "Ctrl-C stops" in line:
                running = _of(tmp_path)
                answers = {name: httpx.get(f"{_address(name, said)}/readyz").status_code for name in FACES}
                process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0, "".join(said)
    assert said[-1] == "up: all stopped\n"
    assert answers == dict.fromkeys(FACES, 200)
    for part in PARTS:
        assert any(part in command for command in running), part
    assert _of(tmp_path) == set()


def _address(name: str, said: list[str]) -> str:
    line = next(line for line in said if line.strip().startswith(name))
    return next(word for word in line.split() if word.startswith("http://127.0.0.1:"))


def test_a_city_for_a_program_begins_with_a_database_of_its_own_and_ends_with_the_block(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one face of all: that they start together is seen above."""
    monkeypatch.setattr("tools.city.sandbox_programs", lambda ports, folder: [])
    monkeypatch.setattr("tools.city.faces_and_jobs", lambda ports, env, _: [face_program("intake", ports, env)])
    name = f"etax_city_{os.getpid()}"
    try:
        with running_city(folder=tmp_path, database=name, copied_from=template_name()) as city:
            assert httpx.get(f"{city.ports.url('intake')}/readyz").status_code == 200
            with admin_connection("postgres") as admin:
                at = admin.execute("SELECT usename FROM pg_stat_activity WHERE datname = %s", [name]).fetchall()
            assert ("etax_intake",) in at
            assert _of(tmp_path)
        assert _of(tmp_path) == set()
    finally:
        with admin_connection("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_port_that_is_taken_is_replaced() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_or_another(port) != port
    assert free_or_another(port) == port
