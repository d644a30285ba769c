"""Words that a decision is found by: Korean ones taken apart by mecab-ko, whether somebody writes or looks for them.

See docs/adr/0049. The dictionary is mapped into memory, not read: a face that searches pays some 25 MB and 0.1 s once.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

MOST_WORDS: Final = 8
# Syllables of a compound, and of what is still a word.
COMPOUND: Final = 5
LONGEST: Final = 30
NOUNS: Final = ("NNG", "NNP", "NNB", "NR", "SL", "SN", "XR", "SH")
VERBS: Final = ("VV", "VA")
_KOREAN: Final = re.compile(r"[가-힣]")
_WORD: Final = re.compile(r"[^\W_]+")
_lock: Final = threading.Lock()


def is_korean(word: str) -> bool:
    return bool(_KOREAN.search(word))


def words_of(text: str) -> list[str]:
    """What somebody looks for, word by word, without marks; no more than a few."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    return list(dict.fromkeys(found))[:MOST_WORDS]


def stems_of(text: str) -> list[str]:
    """Morphemes that carry meaning, each once: nouns as they are, verbs with 다 ("팔았다" → "팔다")."""
    return list(dict.fromkeys(_stems(unicodedata.normalize("NFKC", text).lower())))


def found_by(text: str) -> list[str]:
    """Under what a text is kept: its morphemes, and the ends of compounds, which may be taken apart wrongly.

    "자동차세부과처분은" is read as 자동차·세부·과처·분; by its ends it is found under 처분 all the same.
    """
    said = unicodedata.normalize("NFKC", text).lower()
    ends = (
        word[start:]
        for word in _WORD.findall(said)
        if is_korean(word) and COMPOUND <= len(word) <= LONGEST
        for start in range(1, len(word) - 1)
    )
    return list(dict.fromkeys((*_stems(said), *ends)))


def _stems(text: str) -> Iterator[str]:
    with _lock:  # the tagger is not made for several threads
        pairs: list[tuple[str, str]] = _tagger().pos(text)
    for form, tag in pairs:
        first = tag.split("+")[0]
        if first in NOUNS and _WORD.fullmatch(form):
            yield form
        elif first in VERBS and "+" not in tag:
            yield f"{form}다"


@cache
def _tagger() -> Any:
    from mecab import MeCab  # its dictionary is opened by who needs it

    return MeCab()
