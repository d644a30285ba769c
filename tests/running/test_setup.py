"""Set-up does a thing once, does it again when its sources changed or its result is gone, and names what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import steps
from tools.checkout import UnableToSetUp, run
from tools.steps import CommandStep

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, in which a step's command is run by this Python."""
    for name, value in {"CHECKOUT": tmp_path, "VAR": tmp_path / "var", "PYTHON": Path(sys.executable)}.items():
        monkeypatch.setattr(steps, name, value)
    (tmp_path / "app" / "locale").mkdir(parents=True)
    (tmp_path / "app" / "locale" / "words.po").write_text("one")
    return tmp_path


def _step(checkout: Path) -> CommandStep:
    made = checkout / "app" / "locale" / "words.mo"
    script = f"import pathlib; pathlib.Path({str(made)!r}).write_text('made')"
    return CommandStep("words", [["-c", script]], sources=["**/*.po"], outputs=["**/*.po>.mo"])


def test_a_step_runs_once(checkout: Path) -> None:
    assert _step(checkout)()
    assert not _step(checkout)()


def test_a_step_runs_again_when_a_source_changed(checkout: Path) -> None:
    _step(checkout)()
    (checkout / "app" / "locale" / "words.po").write_text("two")
    assert _step(checkout)()


def test_a_step_runs_again_when_its_result_is_gone(checkout: Path) -> None:
    _step(checkout)()
    (checkout / "app" / "locale" / "words.mo").unlink()
    assert _step(checkout)()


def test_a_step_that_failed_is_not_taken_for_done(checkout: Path) -> None:
    failing = CommandStep("words", [["-c", "raise SystemExit('no such thing')"]], sources=["**/*.po"])
    for _ in range(2):
        with pytest.raises(UnableToSetUp, match="no such thing"):
            failing()


def test_a_failure_is_told_in_one_line() -> None:
    with pytest.raises(UnableToSetUp) as caught:
        run(
            [sys.executable, "-c", "print('much\\n' * 50); raise SystemExit('ERROR: the disk is full')"], what="copying"
        )
    assert str(caught.value).splitlines() == [str(caught.value)]
    assert "copying failed: ERROR: the disk is full" in str(caught.value)


def test_a_machine_without_a_fitting_python_is_told_so_in_one_line(tmp_path: Path) -> None:
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [shell, str(CHECKOUT / "tools" / "find-python.sh")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "Python 3.11, 3.12 or 3.13" in done.stderr


def test_nothing_generated_is_in_git() -> None:
    listed = ["git", "ls-files", "--", ".venv", "node_modules", "var", "*.mo", "*.pyc", "*.env"]
    assert subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout == ""
