"""Worker: have files looked at that somebody brought."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from django.conf import settings

from appeals.models import Evidence
from appeals.scan.clam import ScannerSilent, is_clean
from appeals.scan.picture import drawn_anew
from appeals.states import Scan
from core import audit
from core.db.transactions import forbid_in_transaction

AT_ONCE: Final = 50
log = structlog.get_logger(__name__)


def look_at_files(*, at: datetime) -> int:
    """Scan what waits, or without a scanner draw pictures anew; how many were dealt with. Outside any transaction.

    A scanner that is silent is asked again in the next round; nothing is shown meanwhile.
    """
    forbid_in_transaction()
    done = 0
    for pk in list(Evidence.objects.filter(scan=Scan.WAITING).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            done += _look_at(pk)
        except ScannerSilent:
            log.warning("appeals.scanner_silent", file=pk)
            break
    return done


def _look_at(pk: int) -> int:
    file = Evidence.objects.filter(pk=pk).only("kind", "content").first()
    if file is None:
        return 0
    found, picture = _verdict(bytes(file.content), file.kind)
    changed = Evidence.objects.filter(pk=pk, scan=Scan.WAITING).update(scan=found, picture=picture)
    if changed and found == Scan.INFECTED:
        audit.record(action="appeal.file_infected", subject=f"file:{pk}")
    return changed


def _verdict(content: bytes, kind: str) -> tuple[Scan, bytes | None]:
    if settings.CLAMAV_ADDRESS:
        return (Scan.CLEAN if is_clean(content, address=settings.CLAMAV_ADDRESS) else Scan.INFECTED), None
    picture = drawn_anew(content) if kind in ("png", "jpeg") else None
    return (Scan.KEPT, None) if picture is None else (Scan.PICTURE, picture)
