"""Bills issued a second from staged rows, by one process and by two, beside COPY of the same rows.

Three copies of one database take turns, district by district, so that another load of the machine meets all three.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import copying
from bench.figures import Figure
from bench.place import Place
from bench.workers import Worker, worker

DISTRICTS = ("11110", "11140", "11170", "11200", "11215", "11230", "11260", "11290")
SMALLER = 10  # how much smaller the roll is with whose memory the large one's is compared
SMALL = 20_000  # and at least so large: below, no buffer is full


@dataclass
class Seconds:
    alone: float = 0.0
    together: float = 0.0
    copying: float = 0.0


@dataclass(frozen=True)
class Brought:
    """A roll that waits to be issued, and how long it took to get there from its file."""

    roll: int
    seconds: float
    peak: float


def bring(place: Place, folder: Path, *, rows: int, half: int, seed: int) -> Brought:
    """Import a roll of `rows` in a process of its own, approve it, and find its payers."""
    path = str(folder / f"roll-{seed}-{half}-{rows}.csv")
    with worker(place, "bench.rolls") as writer:
        writer.ask(do="write", path=path, rows=rows, districts=list(DISTRICTS), half=half, seed=seed)
    with worker(place, "bench.rolls") as officer:
        took = officer.ask(do="bring", path=path, half=half)
        peak = officer.ask(do="peak")
    Path(path).unlink()
    print(f"bench: {rows} rows: from file to approval {took['seconds']:.1f} s, peak {peak:.0f} MB", file=sys.stderr)
    return Brought(took["roll"], took["seconds"], peak)


def bring_sample(place: Place) -> None:
    """A small roll, issued by nobody: what larger ones are staged after (`bench.city`)."""
    with tempfile.TemporaryDirectory() as name:
        bring(place, Path(name), rows=2000, half=1, seed=3)


@dataclass(frozen=True)
class Staged:
    """A small roll and a large one, both waiting; the large one's payers were known before it came."""

    small: Brought
    large: Brought


def stage(place: Place, *, rows: int) -> Staged:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = bring(place, folder, rows=max(rows // SMALLER, min(SMALL, rows)), half=1, seed=3)
        bring(place, folder, rows=rows, half=1, seed=7)
        return Staged(small, bring(place, folder, rows=rows, half=2, seed=7))


def figures(staged: Staged, *, alone: Place, copied: Place, together: Place) -> list[Figure]:
    """All that the large roll shows, issued in `alone` and in `together`, copied to `copied`."""
    with ExitStack() as stack:
        bills, seconds, peaks = _take_turns(stack, staged, alone=alone, copied=copied, together=together)
    print(
        f"bench: {bills} bills: one process {seconds.alone:.1f} s, two {seconds.together:.1f} s, "
        f"COPY {seconds.copying:.1f} s",
        file=sys.stderr,
    )
    limit = bills / seconds.copying
    whole = staged.large.seconds + seconds.alone
    small, large = max(staged.small.peak, peaks[0]), max(staged.large.peak, peaks[1])
    return [
        Figure("issue_roll_vs_copy", bills / seconds.alone, "bills/s", limit),
        Figure("issue_roll_two_processes_vs_copy", bills / seconds.together, "bills/s", limit),
        Figure("roll_to_bills_vs_copy", bills / whole, "bills/s", limit),
        Figure("issue_roll_peak_growth", large, "MB", small),
    ]


def _take_turns(
    stack: ExitStack, staged: Staged, *, alone: Place, copied: Place, together: Place
) -> tuple[int, Seconds, list[float]]:
    """Issue the large roll in all three ways; the small one before, so that nothing is done for the first time."""
    roll, peaks = staged.large.roll, []
    before = copying.marks(alone)
    with worker(alone, "bench.rolls") as first:
        first.ask(do="issue", roll=staged.small.roll, districts=list(DISTRICTS))
        peaks.append(first.ask(do="peak"))
    copying.copy_in(copied, [copying.take_out(alone, before)])
    one = stack.enter_context(worker(alone, "bench.rolls"))
    pair = [stack.enter_context(worker(together, "bench.rolls")) for _ in range(2)]
    for process, half in zip(pair, (DISTRICTS[::2], DISTRICTS[1::2]), strict=True):
        process.ask(do="issue", roll=staged.small.roll, districts=list(half))
    bills, seconds = 0, Seconds()
    for turn in range(0, len(DISTRICTS), 2):
        districts = DISTRICTS[turn : turn + 2]
        parts = []
        for district in districts:
            before = copying.marks(alone)
            made = one.ask(do="issue", roll=roll, districts=[district])
            bills += made["bills"]
            seconds.alone += made["seconds"]
            parts.append(copying.take_out(alone, before))
        seconds.copying += copying.copy_in(copied, parts)
        seconds.together += _beside_each_other(pair, roll, districts)
    peaks.append(one.ask(do="peak"))
    return bills, seconds, peaks


def _beside_each_other(pair: Sequence[Worker], roll: int, districts: Sequence[str]) -> float:
    """Two processes, a district each; seconds until both are done."""
    for one, district in zip(pair, districts, strict=True):
        one.tell(do="issue", roll=roll, districts=[district])
    return float(max(one.answer()["seconds"] for one in pair))
