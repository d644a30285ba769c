"""Tests that need a program of the machine (`@pytest.mark.needs("pdfsig")`).

Where the program is missing they are left out and named at the end; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from typing import Any

import pytest

LEFT_OUT = pytest.StashKey[list[str]]()
# What is taken first where the machine has it. The shell is the same Chromium without windows, which nobody would see
# here: the same pages take half of the processor.
RATHER = {"chromium": "chromium-headless-shell"}


def path_of(name: str) -> str | None:
    """Where a program lies; also where a user's path does not lead: Debian keeps servers in /usr/sbin."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    return shutil.which(RATHER.get(name, name), path=path) or shutil.which(name, path=path)


def missing_programs(item: pytest.Item) -> list[str]:
    needed: Iterable[Any] = (name for mark in item.iter_markers("needs") for name in mark.args)
    return [name for name in needed if path_of(name) is None]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if missing_programs(item)]
    if not left_out:
        return
    config.stash[LEFT_OUT] = [f"{item.nodeid}: no {', '.join(missing_programs(item))}" for item in left_out]
    items[:] = [item for item in items if not missing_programs(item)]
    config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the process that prints the summary what it left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash[LEFT_OUT]
    elif session.config.stash[LEFT_OUT] and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    known = node.config.stash[LEFT_OUT]
    known.extend(name for name in node.workeroutput.get("left_out", []) if name not in known)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left_out = config.stash[LEFT_OUT]
    if left_out:
        terminalreporter.section(f"left out for want of a program: {len(left_out)}", red=True)
        for name in left_out:
            terminalreporter.line(name)
