from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from core.clock import local_date
from core.errors import Refusal
from payments.bankfiles.banks import banks
from payments.bankfiles.safe_xml import MOST_BYTES
from payments.services.bring_bank_file import bring_bank_file

log = structlog.get_logger(__name__)
AT_ONCE: Final = 100
TAKEN: Final = "taken"
REFUSED: Final = "refused"


def collect_bank_files(*, at: datetime) -> int:
    """Bring what banks dropped by SFTP: `<folder>/<bank>/<name>.xml`; returns how many files.

    A bank writes under another name and renames the file when it is complete, so one that ends in .xml is whole. It is
    moved to `taken` only after it was stored: a death in between brings the same bytes again, which changes nothing.
    """
    brought = 0
    folder = Path(settings.BANK_FILES_FOLDER)
    for code in banks(on=local_date(at)):
        for path in _dropped(folder / code):
            brought += _bring(path, code, at)
    return brought


def _dropped(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    found = [path for path in folder.iterdir() if path.suffix.lower() == ".xml" and not path.name.startswith(".")]
    yield from sorted(found)[:AT_ONCE]


def _bring(path: Path, code: str, at: datetime) -> bool:
    try:
        number = bring_bank_file(content=_content(path), bank_code=code, name=path.name, at=at)
    except (Refusal, OSError) as error:
        log.warning("payments.bank_file_not_taken", bank=code, problem=type(error).__name__)
        _move(path, REFUSED)
        return False
    _move(path, TAKEN)
    log.info("payments.bank_file_taken", bank=code, file=number)
    return True


def _content(path: Path) -> bytes:
    """A plain file, never what a link points to; one byte more than is allowed tells that it is too large."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a plain file")
        return file.read(MOST_BYTES + 1)


def _move(path: Path, where: str) -> None:
    """A name that was used before gets a number; nothing is overwritten."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}.{number}{path.suffix}"
    path.rename(target)
