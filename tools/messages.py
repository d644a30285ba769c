"""Translations without a system gettext: `python -m tools.messages update | check | compile`.

update   collect the English strings of every app into its locale/ko/LC_MESSAGES/django.po, keeping what is translated
check    name every string without its Korean, every leftover, and every string that two apps translate differently
compile  write the .mo files that Django reads (at set-up; they are never committed)
"""

from __future__ import annotations

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

CHECKOUT = Path(__file__).resolve().parent.parent
LANGUAGE = "ko"
NOT_APPS = {"tests", "tools", "bench", "sandbox", "docs", "var", "node_modules"}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Dates and names that only make two people's changes collide.
# Templates of pages, and of mails.
KINDS = (".html", ".txt")
NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Project-Id-Version'
    r"|Report-Msgid-Bugs-To|Generated-By|MIME-Version):.*\n",
    re.MULTILINE,
)


def apps() -> list[Path]:
    return sorted(
        folder for folder in CHECKOUT.iterdir() if (folder / "__init__.py").is_file() and folder.name not in NOT_APPS
    )


def po_file(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def strings(app: Path) -> Catalog:
    """Every marked string of an app's modules and templates."""
    found = Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    templates = [path for kind in KINDS for path in sorted(app.rglob(f"templates/**/*{kind}"))]
    for path in [*sorted(app.rglob("*.py")), *templates]:
        for _line, message, _comments, context in _extract(path):
            found.add(message, context=context)
    return found


def _extract(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    source = path.read_text("utf-8")
    if path.suffix in KINDS:
        # What is no translation becomes X; without indentation Python's tokenizer reads the rest.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    yield from extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)


def translations(app: Path) -> Catalog:
    path = po_file(app)
    if not path.is_file():
        return Catalog(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def update(app: Path) -> bool:
    """Bring an app's file up to date; returns whether it changed. An app without strings has no file."""
    catalog = translations(app)
    catalog.update(strings(app), no_fuzzy_matching=True)
    catalog.header_comment = f"# Korean of {app.name}."
    path = po_file(app)
    if not any(entries(catalog)):
        return False
    target = io.BytesIO()
    write_po(target, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    text = NOISE.sub("", target.getvalue().decode())
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return True


def problems() -> list[str]:
    """One line for each fault of the translations; empty when all is well."""
    found: list[str] = []
    korean: dict[tuple[str, str | None], dict[str, str]] = defaultdict(dict)
    for app in apps():
        wanted, translated = strings(app), translations(app)
        for message in entries(wanted):
            held = translated.get(_key(message), message.context)
            if held is None or not _complete(held):
                found.append(f"{app.name}: no Korean for {message.id!r}")
            elif held.fuzzy:
                found.append(f"{app.name}: marked fuzzy: {message.id!r}")
            else:
                korean[_key(message), message.context][app.name] = str(held.string)
        leftover = [m for m in entries(translated) if wanted.get(_key(m), m.context) is None]
        leftover += list(translated.obsolete.values())
        found += [f"{app.name}: no longer used: {message.id!r}" for message in leftover]
    for (text, _context), versions in korean.items():
        if len(set(versions.values())) > 1:
            found.append(f"{text!r} is translated differently: {versions}")
    return found


def _key(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _complete(message: Message) -> bool:
    parts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return all(parts) and bool(parts)


def compile_all() -> int:
    """Write the .mo files that are missing or older than their .po; returns how many."""
    written = 0
    for app in apps():
        path = po_file(app)
        target = path.with_suffix(".mo")
        if not path.is_file() or (target.is_file() and target.stat().st_mtime >= path.stat().st_mtime):
            continue
        with target.open("wb") as file:
            write_mo(file, translations(app))
        written += 1
    return written


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        changed = [app.name for app in apps() if update(app)]
        print(f"messages: changed {', '.join(changed) or 'nothing'}")
        return 0
    if arguments == ["compile"]:
        print(f"messages: {compile_all()} files compiled")
        return 0
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) or "messages: every string has its Korean")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
