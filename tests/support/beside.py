"""Tests on files that don't belong to the project (`@pytest.mark.beside("data/rolls/x.csv")`).

They are chosen only where a folder `shared` with that file lies beside the checkout; elsewhere they are no part of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    absent = [item for item in items if not all(_is_there(mark) for mark in item.iter_markers("beside"))]
    if absent:
        items[:] = [item for item in items if item not in absent]
        config.hook.pytest_deselected(items=absent)


def _is_there(mark: pytest.Mark) -> bool:
    return all((FOLDER / name).is_file() for name in mark.args)
