"""Every word of the sandbox's pages is there in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from sandbox.cards import CARDS, EFFECTS
from sandbox.errors import CATALOGUE
from sandbox.identity.pages import LABELS
from sandbox.identity.requests import CLAIMS
from sandbox.texts import KOREAN

SANDBOX = Path(__file__).parents[2] / "sandbox"


def test_every_text_of_the_templates_has_a_korean_one() -> None:
    sources = {
        text
        for template in (SANDBOX / "templates").glob("*.html")
        for text in re.findall(r'\bt\("([^"]+)"\)', template.read_text())
    }
    sources |= {
        label
        for t in (SANDBOX / "templates").glob("*.html")
        for label in re.findall(r'field\("\w+", "([^"]+)"', t.read_text())
    }
    sources |= {
        hint for t in (SANDBOX / "templates").glob("*.html") for hint in re.findall(r'hint="([^"]+)"', t.read_text())
    }
    assert sources - set(KOREAN) == set()
    assert len(sources) > 50


def test_every_claim_has_a_name() -> None:
    assert set(LABELS) == set(CLAIMS)
    assert set(LABELS.values()) <= set(KOREAN)


def test_every_card_says_what_it_does() -> None:
    assert set(EFFECTS) == set(CARDS.values())
    assert set(EFFECTS.values()) <= set(KOREAN)


def test_every_error_has_both_messages() -> None:
    assert all(re.search("[가-힣]", korean) and english.isascii() for _, english, korean in CATALOGUE.values())
