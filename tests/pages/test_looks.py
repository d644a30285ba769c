"""A look at a page finds what is wrong at one width only, though most rules are asked at one width."""

from __future__ import annotations

import pytest

from tests.support.browser import WIDTHS, NewVisitor, faults

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.needs("chromium")]

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
<body><main><h1>A page</h1><p>Words.</p><input type="range"></main></body></html>"""
NARROW, WIDE = "@media (max-width: 767px)", "@media (min-width: 768px)"
NO_FIELD = "input { display: none }"


@pytest.mark.parametrize(
    ("style", "found"),
    [
        (NO_FIELD, []),
        (f"{NO_FIELD} {NARROW} {{ p {{ color: #ccc }} }}", ["at 320: color-contrast"]),
        (f"{NO_FIELD} {WIDE} {{ p {{ color: #ccc }} }}", ["at 1280: color-contrast"]),
        (f"{NARROW} {{ input {{ display: none }} }}", ["at 1280: label"]),
        (f"{WIDE} {{ input {{ visibility: hidden }} }}", ["at 320: label"]),
        (f"{NO_FIELD} {NARROW} {{ p {{ width: 500px }} }}", ["at 320: scrolls"]),
    ],
)
@pytest.mark.parametrize("first", WIDTHS)
def test_what_is_wrong_at_one_width_is_found_from_the_other(
    visitor: NewVisitor, style: str, found: list[str], first: int
) -> None:
    page = visitor("en").new_page()
    page.set_viewport_size({"width": first, "height": 900})
    page.set_content(PAGE.format(style=style))
    said = faults(page)
    assert len(said) == len(found)
    assert all(one.startswith(f"{page.url} {start}") for one, start in zip(said, found, strict=True)), said
