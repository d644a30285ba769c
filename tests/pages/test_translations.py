"""Every string that a person can meet has its Korean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import messages


def test_every_string_has_its_korean_and_none_is_left_over() -> None:
    assert messages.problems() == []


@pytest.fixture
def small_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    app = tmp_path / "shop"
    (app / "templates").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "views.py").write_text("from x import gettext\n\nA = gettext('Pay the bill')\n")
    (app / "templates" / "page.html").write_text(
        '{% load i18n %}\n<h1 title="{% translate "Bill" %}">{% blocktranslate trimmed with n=page.number %}\n'
        "    Page {{ n }}\n  {% endblocktranslate %}</h1>{% blocktranslate count c=bills|length %}One bill"
        "{% plural %}{{ c }} bills{% endblocktranslate %}"
    )
    monkeypatch.setattr(messages, "CHECKOUT", tmp_path)
    return app


def test_strings_come_from_modules_and_templates(small_app: Path) -> None:
    assert messages.update(small_app)
    text = messages.po_file(small_app).read_text()
    for string in ("Pay the bill", "Bill", "Page %(n)s", "One bill", "%(c)s bills"):
        assert f'"{string}"' in text
    assert not messages.update(small_app), "a second run changes nothing"


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(small_app: Path) -> None:
    messages.update(small_app)
    file = messages.po_file(small_app)
    file.write_text(file.read_text().replace('msgid "Bill"\nmsgstr ""', 'msgid "Bill"\nmsgstr "고지서"'))
    (small_app / "views.py").unlink()
    messages.update(small_app)
    text = file.read_text()
    assert 'msgid "Bill"\nmsgstr "고지서"' in text
    assert "Pay the bill" not in text


def test_a_missing_and_a_leftover_translation_are_named(small_app: Path) -> None:
    messages.update(small_app)
    (small_app / "views.py").write_text("")
    found = messages.problems()
    assert "shop: no Korean for 'Bill'" in found
    assert "shop: no longer used: 'Pay the bill'" in found
