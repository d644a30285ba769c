"""What every template must be, read from the files themselves: also from pages that no test opens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tools.messages import CHECKOUT, apps

TEMPLATES = sorted(path for app in apps() for path in app.glob("**/templates/**/*.html"))
BARE = {"errors/500.html"}  # drawn when everything else may be broken
INLINE = re.compile(
    r"""<style|\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|javascript:|hx-on|\|safe\b|autoescape off"""
)
POST_FORM = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.DOTALL | re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path).rpartition("/templates/")[2]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_template_reads_well(path: Path) -> None:
    source = path.read_text("utf-8")
    get_template(name_of(path))
    assert INLINE.findall(source) == []
    assert all("csrf_token" in form for form in POST_FORM.findall(source)), "a form without its token"
    if name_of(path) not in BARE:
        assert not re.search(r">[^<{]*[가-힣]", source), "Korean belongs into locale/ko"


def test_every_page_stands_in_the_common_frame() -> None:
    pages = [path for path in TEMPLATES if "<html" in path.read_text("utf-8")]
    assert {name_of(path) for path in pages} == {"base.html", *BARE}
