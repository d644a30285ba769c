"""How Korean pages write dates, and how people type them."""

from __future__ import annotations

DATE_FORMAT = "Y년 n월 j일"
DATETIME_FORMAT = "Y년 n월 j일 H시 i분"
TIME_FORMAT = "H시 i분"
SHORT_DATE_FORMAT = "Y-m-d"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y. %m. %d.", "%Y년 %m월 %d일"]
