"""The processes of a running city: three faces, the banks' host, worker, beat and relay, each with its own login."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.ports import HOST, Ports
from tools.supervisor import Program

BIN = Path(sys.executable).parent
THREADS = max(4, 2 * (os.cpu_count() or 1))  # requests that one face of a checkout handles at once
# Celery warns root of messages that run code; ours are JSON, and a checkout may well be root's.
QUIET_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def face_program(face: str, ports: Ports, env: Mapping[str, str]) -> Program:
    """A face under granian. One process: a checkout's machine is small; docs/operations.md says how to size it."""
    command = [
        *(str(BIN / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(getattr(ports, face))),
        *("--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning", "--no-ws"),
        "etax.wsgi:application",
    ]
    settings = {"DJANGO_SETTINGS_MODULE": f"etax.settings.{face}"}
    return Program(face, command, env={**env, **settings}, ready=f"{ports.url(face)}/readyz")


def atm_program(ports: Ports, env: Mapping[str, str]) -> Program:
    """The host that banks' cash machines call; open at any hour, since a demonstration is."""
    command = [sys.executable, "manage.py", "atm_host", "--host", HOST, "--port", str(ports.atm_host), "--always-open"]
    settings = {"DJANGO_SETTINGS_MODULE": "etax.settings.intake"}
    return Program("atm_host", command, env={**env, **settings}, ready=f"tcp://{HOST}:{ports.atm_host}")


def job_programs(env: Mapping[str, str], folder: Path) -> list[Program]:
    """Worker, clock and relay. They have no address; the relay hands over again what a late worker missed."""
    celery = [str(BIN / "celery"), "--quiet", "-A", "etax.celery"]
    quiet = ["--without-gossip", "--without-mingle"]
    schedule = str(folder / "beat-schedule")
    settings = {**env, **QUIET_ROOT, "DJANGO_SETTINGS_MODULE": "etax.settings.worker"}
    return [
        Program("worker", [*celery, "worker", "--concurrency", "2", *quiet], env=settings),
        Program("beat", [*celery, "beat", "--schedule", schedule, "--pidfile="], env=settings),
        Program("relay", [sys.executable, "manage.py", "relay"], env=settings),
    ]


def faces_and_jobs(ports: Ports, env: Mapping[str, str], folder: Path) -> list[Program]:
    """All of them; queues and the clock's memory lie in `folder`."""
    told = {"ETAX_BROKER_URL": f"filesystem://{(folder / 'broker').absolute()}", **env}
    faces = [face_program(face, ports, told) for face in ("public", "office", "intake")]
    return [*faces, atm_program(ports, told), *job_programs(told, folder)]
