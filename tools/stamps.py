"""What a step of set-up has already done, remembered by the content of what it read.

File times say nothing after `git clone` or `git checkout`, so a stamp holds a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *words: str) -> str:
    """The content of `files` and some `words` (a version, an address) in one line."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        total.update(f"\0{file}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def leave(stamp: Path, done: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(done)
