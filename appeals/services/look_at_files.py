"""Worker: have files looked at that somebody brought."""

from __future__ import annotations

from datetime import datetime

from appeals.models import Evidence
from core.evidence import look_at_waiting


def look_at_files(*, at: datetime) -> int:
    """Scan what waits, or without a scanner draw pictures anew; how many were dealt with. Outside any transaction."""
    return look_at_waiting(Evidence, about="appeal", at=at)
