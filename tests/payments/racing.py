"""Several at the same moment, each with connections of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from threading import Barrier, Thread
from typing import Any

from django.db import connections

from tests.support.database import AsRole, using, wrapper_for


def at_once(database_name: str, calls: list[Callable[[AsRole], Any]]) -> list[Any]:
    """Run all calls at the same moment; each gets its own way to sign in. What one raises is raised here."""
    barrier, found, raised = Barrier(len(calls)), [], []

    def run(call: Callable[[AsRole], Any]) -> None:
        try:
            barrier.wait(timeout=10)
            found.append(call(lambda face: _signed_in(database_name, face)))
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return found


def _signed_in(database_name: str, face: str) -> AbstractContextManager[None]:
    @contextmanager
    def signed_in() -> Any:
        own = wrapper_for(database_name, face=face)
        try:
            with using(own):
                yield
        finally:
            own.close()

    return signed_in()
