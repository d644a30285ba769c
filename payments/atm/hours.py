from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings


@dataclass(frozen=True)
class Hours:
    """When banks' machines may ask and pay, by the city's clock, every day. Advices and reversals have none."""

    opens: time
    closes: time
    zone: ZoneInfo

    def are_open(self, at: datetime) -> bool:
        """
        >>> seoul = Hours(time(0, 30), time(23, 30), ZoneInfo("Asia/Seoul"))
        >>> [seoul.are_open(datetime.fromisoformat(f"2026-06-16T{t}+09:00")) for t in ("00:29", "00:30", "23:30")]
        [False, True, False]
        """
        return self.opens <= at.astimezone(self.zone).time() < self.closes


ALWAYS: Final = Hours(time.min, time.max, ZoneInfo("UTC"))


def hours_of_the_city() -> Hours:
    """From the city pack's `atm.yaml`."""
    told = yaml.safe_load((settings.CITY_PACK / "atm.yaml").read_text())["hours"]
    return Hours(time.fromisoformat(told["opens"]), time.fromisoformat(told["closes"]), ZoneInfo(settings.TIME_ZONE))
