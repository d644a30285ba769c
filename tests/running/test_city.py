"""The processes of `make up` and `make demo`, started and stopped as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from psycopg import sql

from tests.support.database import admin_connection, template_name
from tools.city import running_city
from tools.ports import HOST, free_or_another

pytestmark = [pytest.mark.socket, pytest.mark.timeout(240)]
CHECKOUT = Path(__file__).resolve().parents[2]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_a_city_starts_with_all_its_processes_and_leaves_none(db: None, tmp_path: Path) -> None:
    name = f"etax_city_{os.getpid()}"
    try:
        with running_city(folder=tmp_path, database=name, copied_from=template_name()) as city:
            ports = city.ports
            for face in ("public", "office", "intake"):
                assert httpx.get(f"{ports.url(face)}/readyz").status_code == 200
            assert all(_listens(port) for port in astuple(ports))
        assert not any(_listens(port) for port in astuple(ports))
    finally:
        with admin_connection("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def test_make_up_prints_addresses_and_stops_when_told(db: None, database_name: str, tmp_path: Path) -> None:
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
    with process.stdout as lines:
        for line in lines:
            said.append(line)
            if "Ctrl-C stops" in line:
                process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0, "".join(said)
    assert any("Citizens" in line and "http://127.0.0.1:" in line for line in said)
    assert said[-1] == "up: all stopped\n"


def test_a_port_that_is_taken_is_replaced() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_or_another(port) != port
    assert free_or_another(port) == port
