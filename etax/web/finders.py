"""Static files straight from node_modules: only what pages load, so that nothing else of a package is ever served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.checks import Error as CheckError
from django.core.files.storage import FileSystemStorage, Storage

# Folder below node_modules → pattern in it → folder below /static/.
SOURCES: tuple[tuple[str, str, str], ...] = (
    ("krds-uiux/resources/css/component", "output.css*", "krds/css/component"),
    ("krds-uiux/resources/css/token", "krds_tokens.css", "krds/css/token"),
    ("krds-uiux/resources/img/component/icon", "*.svg", "krds/img/component/icon"),
    ("krds-uiux/resources/fonts", "*.woff2", "krds/fonts"),
    ("@expo-google-fonts/noto-sans-kr/400Regular", "*.ttf", "fonts"),
    ("@expo-google-fonts/noto-sans-kr/700Bold", "*.ttf", "fonts"),
    ("@expo-google-fonts/noto-sans-kr", "LICENSE_FONT", "fonts"),
    ("htmx.org/dist", "htmx.min.js", "htmx"),
    ("htmx.org", "LICENSE", "htmx"),
)


class PackageStorage(FileSystemStorage):
    """One folder of a package; `prefix` is where staticfiles puts it."""

    def __init__(self, folder: Path, prefix: str) -> None:
        super().__init__(location=folder)
        self.prefix = prefix


class PackageFinder(BaseFinder):
    """Finder for `STATICFILES_FINDERS`; packages lie where settings.NODE_MODULES says."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        modules = Path(settings.NODE_MODULES)
        return [
            CheckError(f"{folder}/{pattern} is missing below {modules}", hint="Run `make setup`.", id="etax.E001")
            for folder, pattern, _ in SOURCES
            if next((modules / folder).glob(pattern), None) is None
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(Path(settings.NODE_MODULES) / folder / name) for folder, name in _candidates(path)]
        found = [file for file in found if Path(file).is_file()]
        if find_all:
            return found
        return found[0] if found else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for folder, pattern, target in SOURCES:
            storage = PackageStorage(Path(settings.NODE_MODULES) / folder, target)
            for file in sorted(Path(storage.location).glob(pattern)):
                yield file.name, storage


def _candidates(path: str) -> Iterator[tuple[str, str]]:
    target, _, name = path.rpartition("/")
    return ((folder, name) for folder, pattern, place in SOURCES if place == target and fnmatch(name, pattern))
