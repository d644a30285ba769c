"""While a job that makes no cycles runs, nobody looks for cycles; afterwards as before, whatever became of it."""

from __future__ import annotations

import gc

import pytest

from core.garbage import no_cycles


def test_the_collector_waits_and_comes_back_also_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), no_cycles():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_so() -> None:
    gc.disable()
    try:
        with no_cycles():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
