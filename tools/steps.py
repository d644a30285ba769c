"""A step of set-up that runs commands of ours: once for the content it reads, and again when what it made is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools import stamps
from tools.checkout import CHECKOUT, PYTHON, VAR, run

NOT_OURS = {"var", "node_modules", ".venv", ".git"}
GENERATED = {".mo", ".pyc"}


@dataclass(frozen=True)
class CommandStep:
    """`outputs` are paths that must be there afterwards; `a/*.x>.y` means: for each a/*.x the same name with .y."""

    title: str
    commands: Sequence[Sequence[str]]
    sources: Sequence[str] = ()
    outputs: Sequence[str] = ()
    words: Callable[[], str] = field(default=str)

    def __call__(self) -> bool:
        stamp = VAR / "stamps" / re.sub(r"\W+", "-", self.title)
        wanted = stamps.digest(self._sources(), self.words())
        if stamps.is_current(stamp, wanted) and all(path.exists() for path in self._outputs()):
            return False
        for command in self.commands:
            said = run([PYTHON, *command], what=f"{self.title} ({' '.join(command)})")
            for line in said.splitlines():
                print(f"setup: {line}", flush=True)
        stamps.leave(stamp, wanted)
        return True

    def _sources(self) -> list[Path]:
        return [file for pattern in self.sources for file in _ours(pattern) if file.suffix not in GENERATED]

    def _outputs(self) -> Iterator[Path]:
        for output in self.outputs:
            pattern, _, suffix = output.partition(">")
            if suffix:
                yield from (file.with_suffix(suffix) for file in _ours(pattern))
            else:
                yield CHECKOUT / output


def _ours(pattern: str) -> list[Path]:
    """Files of the checkout itself; the top folders are walked one by one, so that node_modules is not."""
    if not pattern.startswith("**/"):
        return sorted(file for file in CHECKOUT.glob(pattern) if file.is_file())
    tops = [top for top in CHECKOUT.iterdir() if top.is_dir() and top.name not in NOT_OURS]
    return sorted(file for top in tops for file in top.glob(pattern) if file.is_file())
