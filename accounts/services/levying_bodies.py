from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import LevyingBody


@dataclass(frozen=True, kw_only=True)
class Body:
    """A levying body as a city pack names it; `code` has five digits, `kind` is city, district or agency."""

    code: str
    kind: str
    name_ko: str
    name_en: str


def save_levying_bodies(*, bodies: Sequence[Body]) -> None:
    """Create or rename the city's levying bodies; none is ever removed."""
    rows = [LevyingBody(code=body.code, kind=body.kind, name_ko=body.name_ko, name_en=body.name_en) for body in bodies]
    LevyingBody.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["kind", "name_ko", "name_en"]
    )


def city_code() -> str:
    """The code of the city itself."""
    return LevyingBody.objects.get(kind=LevyingBody.Kind.CITY).code


def body_codes(*, kinds: Collection[str]) -> frozenset[str]:
    """The codes of the bodies of these kinds (city, district, agency)."""
    return frozenset(LevyingBody.objects.filter(kind__in=kinds).values_list("code", flat=True))


def district_codes() -> frozenset[str]:
    """The codes of the city's districts (자치구)."""
    return frozenset(LevyingBody.objects.filter(kind=LevyingBody.Kind.DISTRICT).values_list("code", flat=True))
