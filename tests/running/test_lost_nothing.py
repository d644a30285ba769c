"""kill -9 of the broker and of a worker loses no event and does no work twice, with both kinds of broker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core import outbox
from core.models import AuditRecord, Delivery
from core.roles import derived_password, role_name
from tests.running.brokers import RabbitMQ, kill_group

pytestmark = pytest.mark.timeout(180)
EVENTS = 120
CHECKOUT = Path(__file__).resolve().parents[2]
CELERY = [sys.executable, "-m", "celery", "-A", "etax.celery"]
WORKER = [*CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
RELAY = [sys.executable, "manage.py", "relay", "--pause", "0.05"]


class Jobs:
    """Relay and worker as processes of their own on the test's database."""

    def __init__(self, folder: Path, database: str, broker_url: str) -> None:
        address = settings.ADMIN_DATABASE
        password = derived_password(settings.ROLE_PASSWORD_KEY, "worker")
        self._folder = folder
        self._env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.running.broker_settings",
            "ETAX_BROKER_URL": broker_url,
            "ETAX_FACE_DATABASE_URL": f"postgresql://{role_name('worker')}:{password}"
            f"@{address.host}:{address.port}/{database}",
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(
                command, cwd=CHECKOUT, env=self._env, stdout=output, stderr=output, start_new_session=True
            )
        self._running.append(process)
        return process

    def said(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self._folder.glob("*.log"))

    def kill_all(self) -> None:
        for process in self._running:
            kill_group(process)


@pytest.fixture
def files(db: None, database_name: str, tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path, database_name, f"filesystem://{tmp_path}/broker")
    yield jobs
    jobs.kill_all()


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[RabbitMQ]:
    node = RabbitMQ(tmp_path)
    try:
        node.start()
        yield node
    finally:
        node.remove()


@pytest.fixture
def amqp(rabbit: RabbitMQ, db: None, database_name: str, tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path, database_name, rabbit.url)
    yield jobs
    jobs.kill_all()


def _publish() -> None:
    for number in range(EVENTS):
        outbox.publish("test.counted.v1", number=number)


def _done() -> int:
    return Delivery.objects.exclude(done_at=None).count()


def _until(jobs: Jobs, done: int, *, within: float = 120) -> None:
    deadline = time.monotonic() + within
    while _done() < done:
        assert time.monotonic() < deadline, f"{_done()} of {EVENTS} events were handled\n{jobs.said()}"
        time.sleep(0.05)


def _let_patience_end() -> None:
    """As if the half minute had passed after which what is not done is handed over again."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_delivery SET next_at = now() WHERE done_at IS NULL")


def _assert_each_was_handled_once() -> None:
    subjects = list(AuditRecord.objects.filter(action="test.counted").values_list("subject", flat=True))
    assert sorted(subjects) == sorted(f"number:{number}" for number in range(EVENTS))


def test_a_killed_worker_loses_no_event(files: Jobs) -> None:
    _publish()
    files.start("relay", RELAY)
    worker = files.start("worker", WORKER)
    _until(files, EVENTS // 10)
    kill_group(worker)
    assert _done() < EVENTS, "the worker was too fast to be killed at work"
    files.start("worker", WORKER)
    _let_patience_end()
    _until(files, EVENTS)
    _assert_each_was_handled_once()


def test_a_broker_that_forgets_everything_loses_no_event(files: Jobs, tmp_path: Path) -> None:
    _publish()
    relay = files.start("relay", RELAY)
    files.start("worker", WORKER)
    _until(files, EVENTS // 10)
    kill_group(relay)
    for message in (tmp_path / "broker" / "messages").glob("*.msg"):
        message.unlink(missing_ok=True)
    assert _done() < EVENTS, "the worker was too fast for the broker to forget"
    _let_patience_end()
    files.start("relay", RELAY)
    _until(files, EVENTS)
    _assert_each_was_handled_once()


@pytest.mark.socket
@pytest.mark.needs("rabbitmq-server")
def test_killed_rabbitmq_and_worker_lose_no_event(amqp: Jobs, rabbit: RabbitMQ) -> None:
    _publish()
    amqp.start("relay", RELAY)
    worker = amqp.start("worker", WORKER)
    _until(amqp, EVENTS // 10)
    rabbit.kill()
    kill_group(worker)
    assert _done() < EVENTS, "the worker was too fast to be killed at work"
    amqp.start("worker", WORKER)
    rabbit.start()
    _let_patience_end()
    _until(amqp, EVENTS)
    _assert_each_was_handled_once()


@pytest.mark.socket
@pytest.mark.needs("rabbitmq-server")
def test_events_published_while_rabbitmq_is_away_are_handled_when_it_is_back(amqp: Jobs, rabbit: RabbitMQ) -> None:
    amqp.start("relay", RELAY)
    amqp.start("worker", WORKER)
    outbox.publish("test.counted.v1", number=0)
    _until(amqp, 1)
    rabbit.kill()
    for number in range(1, EVENTS):
        outbox.publish("test.counted.v1", number=number)
    rabbit.start()
    _let_patience_end()
    _until(amqp, EVENTS)
    _assert_each_was_handled_once()
