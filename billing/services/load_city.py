from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.db import transaction

from accounts.services.levying_bodies import Body, save_levying_bodies
from billing.models import DatedTable, DueDateOverride, Holiday, TaxType
from billing.rules import dated
from ledger import services as ledger

CODE_LENGTH: Final = 5
PACKS: Final = Path(__file__).resolve().parents[2] / "etax" / "cities"


class BadCityPack(ValueError):
    """The pack is missing or contradicts itself or the settings; the text names where."""


def load_city(*, city: str, packs: Path = PACKS) -> None:
    """Load a city pack (`etax/cities/<city>/*.yaml`, or that folder of `packs`). Loading it again changes nothing.

    Tables and days that the pack no longer holds are removed; bodies and taxes stay, since bills refer to them.
    """
    files = _read_pack(packs / city)
    tables = _tables(files)
    bodies = _bodies(files)
    with transaction.atomic():
        save_levying_bodies(bodies=bodies)
        _save_taxes(_all(files, "taxes"))
        _save_tables(tables)
        _save_holidays(_all(files, "holidays"))
        _save_overrides(_all(files, "overrides"))
        _open_accounts(bodies, _all(files, "taxes"))


def _open_accounts(bodies: Sequence[Body], taxes: Sequence[Mapping[str, Any]]) -> None:
    """An agency levies no taxes: of hundreds of them the accounts of charges and fines are opened only."""
    agencies = [body.code for body in bodies if body.kind == "agency"]
    others = [body.code for body in bodies if body.kind != "agency"]
    ledger.open_accounts(bodies=others, taxes=[tax["code"] for tax in taxes])
    ledger.open_accounts(bodies=agencies, taxes=[tax["code"] for tax in taxes if tax["kind"] != "tax"])


def _read_pack(folder: Path) -> list[Mapping[str, Any]]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise BadCityPack(f"no city pack in {folder}")
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def _all(files: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [entry for content in files for entry in content.get(key, ())]


def _bodies(files: Sequence[Mapping[str, Any]]) -> list[Body]:
    """Every levying body, checked: five digits, since they stand in every payment number, and none twice."""
    bodies = [Body(**raw) for raw in _all(files, "bodies")]
    for body in bodies:
        if not (len(body.code) == CODE_LENGTH and body.code.isascii() and body.code.isdecimal()):
            raise BadCityPack(f"the code {body.code!r} of {body.name_en} is not five digits")
    if twice := [code for code, count in Counter(body.code for body in bodies).items() if count > 1]:
        raise BadCityPack(f"two bodies have the code {twice[0]}")
    return bodies


def _tables(files: Sequence[Mapping[str, Any]]) -> list[dated.DatedTable]:
    """Every dated table, checked: each has an article, no two of a name overlap, the city's clock is the settings'."""
    tables = [dated.read_table(raw) for raw in _all(files, "tables")]
    try:
        dated.DatedTables(tables)
    except ValueError as error:
        raise BadCityPack(str(error)) from error
    zones = {table.body["time_zone"] for table in tables if table.name == "city"}
    if zones != {settings.TIME_ZONE}:
        raise BadCityPack(f"the pack's time zone is {zones or 'missing'}, ETAX_TIME_ZONE is {settings.TIME_ZONE!r}")
    return tables


def _save_taxes(entries: Sequence[Mapping[str, Any]]) -> None:
    rows = [TaxType(position=position, **entry) for position, entry in enumerate(entries)]
    fields = [field.name for field in TaxType._meta.fields if not field.primary_key]
    TaxType.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)


def _save_tables(tables: Sequence[dated.DatedTable]) -> None:
    rows = [
        DatedTable(
            name=table.name,
            valid_from=table.valid_from,
            valid_to=table.valid_to,
            article=table.article,
            body=table.body,
        )
        for table in tables
    ]
    DatedTable.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["name", "valid_from"],
        update_fields=["valid_to", "article", "body"],
    )
    kept = {(table.name, table.valid_from) for table in tables}
    gone = [row.pk for row in DatedTable.objects.all() if (row.name, row.valid_from) not in kept]
    DatedTable.objects.filter(pk__in=gone).delete()


def _save_holidays(entries: Sequence[Mapping[str, Any]]) -> None:
    rows = [Holiday(day=entry["date"], name_ko=entry["name_ko"], name_en=entry["name_en"]) for entry in entries]
    Holiday.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=["name_ko", "name_en"]
    )
    Holiday.objects.exclude(pk__in=[row.pk for row in rows]).delete()


def _save_overrides(entries: Sequence[Mapping[str, Any]]) -> None:
    kept = []
    for entry in entries:
        facts = {name: entry[name] for name in ("due", "article", "reason_ko", "reason_en")}
        key = {"nominal": entry["nominal"], "tax_id": entry.get("tax")}
        kept.append(DueDateOverride.objects.update_or_create(**key, defaults=facts)[0].pk)
    DueDateOverride.objects.exclude(pk__in=kept).delete()
