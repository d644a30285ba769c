"""Marks the database part of the suite, so that `-m database` runs it on another server; sizes and order of tests.

That part is every test that uses the database, but those that prove nothing about it: pages in a browser, and processes
that are started, killed and stopped around it. What those ask of the database, tests without them ask too.
"""

from __future__ import annotations

import pytest

# Of these no question to the database is their own.
AROUND_IT = ("tests/running/",)
DIES_OF_ITSELF = "doomed"  # the fixture of processes that end by kill -9 where a test says


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--payers", type=int, default=7, help="payers whose messages are shuffled; `make soak` takes 1,000"
    )


@pytest.fixture(scope="session")
def payers_wanted(request: pytest.FixtureRequest) -> int:
    """How many people pay in the test of shuffled messages."""
    return int(request.config.getoption("--payers"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = getattr(item, "fixturenames", ())
        around = item.nodeid.startswith(AROUND_IT) or DIES_OF_ITSELF in used or item.get_closest_marker("browser")
        if "database_name" in used and not around:
            item.add_marker("database")


class Shares:
    """With several processes (`--dist worksteal`), each begins with its share of the tests in a browser.

    They take longest: at the end of a run one process would wait for another's last walk. The rest stays in order, so
    that what is made once for a module is seldom made twice.
    """

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        workers = int(getattr(config, "workerinput", {"workercount": 1})["workercount"])
        items[:] = in_shares(items, workers)


def in_shares(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """As xdist deals them out: contiguous shares, of equal size up to one."""
    walks = [item for item in items if item.get_closest_marker("browser")]
    others = [item for item in items if not item.get_closest_marker("browser")]
    shares: list[pytest.Item] = []
    for worker in range(workers):
        size = (len(items) - len(shares)) // (workers - worker)
        own = walks[worker::workers]
        taken = max(0, size - len(own))
        shares += [*own, *others[:taken]]
        del others[:taken]
    return shares


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Shares(), "shares")
