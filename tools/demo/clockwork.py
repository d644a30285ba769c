"""What takes minutes or weeks is not waited for: jobs of the clock are asked for at once, a day is moved to today."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from celery import Celery
from psycopg import sql

from etax.broker import transport_of
from tools.city import City
from tools.demo.visitor import PATIENCE, NotAsExpected

THE_DAY_COMES = """
    SET session_replication_role = replica;
    SET TIME ZONE 'Asia/Seoul';
    CREATE TEMPORARY TABLE moved AS
        SELECT id, day - current_date AS days FROM appeals_session WHERE day = (
            SELECT day FROM appeals_session WHERE id = {session});
    DELETE FROM appeals_session WHERE day = current_date;
    UPDATE appeals_slotperson p
    SET starts = starts - make_interval(days => m.days), ends = ends - make_interval(days => m.days)
    FROM appeals_slot s JOIN moved m ON m.id = s.session_id WHERE s.id = p.slot_id;
    UPDATE appeals_panel p SET day = p.day - m.days FROM moved m WHERE m.id = p.session_id;
    UPDATE appeals_session s SET day = s.day - m.days, begins = s.begins - make_interval(days => m.days)
    FROM moved m WHERE m.id = s.id AND m.days > 0
"""
LONG_AGO = """
    SET session_replication_role = replica;
    UPDATE billing_bill SET issued_at = issued_at - interval '120 days' WHERE id = {bill}
"""


def hurried(city: City, *jobs: str, until: Callable[[], bool]) -> None:
    """Have the worker do these jobs of the clock again and again until that is so."""
    transport, options = transport_of(city.env["ETAX_BROKER_URL"], Path())
    app = Celery(broker="filesystem://")
    app.conf.update(broker_transport=transport, broker_transport_options=options)
    deadline = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > deadline:
            raise NotAsExpected(f"{', '.join(jobs)}: not done within {PATIENCE:.0f} s")
        for job in jobs:
            app.send_task(job, queue="work")
        time.sleep(0.5)


def the_day_comes(city: City, *, session_id: int) -> None:
    """A sitting that is weeks away is today."""
    _moved(city, sql.SQL(THE_DAY_COMES).format(session=session_id))


def came_long_ago(city: City, *, bill_id: int) -> None:
    """A bill that was issued a moment ago was issued 120 days before."""
    _moved(city, sql.SQL(LONG_AGO).format(bill=bill_id))


def _moved(city: City, statements: sql.Composed) -> None:
    """As the administrator of the demo's own database: tables that are only added to refuse everybody else."""
    with psycopg.connect(city.env["ETAX_DATABASE_URL"]) as admin:
        admin.execute(statements)
