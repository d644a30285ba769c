"""A proposal of what to black out (비실명화) in a text before everybody may read it.

Two sources: what is known of the case, and what has the form of something that tells who somebody is. The clerk edits
the proposal; whether what is known still stands in it, the database decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BLACK: Final = "■■■"
# Between the letters of a name or the digits of a number: spaces, marks, and what is not seen.
BETWEEN: Final = r"[\s\-.,·()/_\u00ad\u200b-\u200f\u2060\ufeff]*"
_REGIONS: Final = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_SUM: Final = (
    r"(?<![\d,.])(?:\d[\d,.]*+\s*+(?:[천백십]\s*+)?(?:[조억만]\s*+)?){1,6}+원|(?:₩|KRW)\s*\d[\d,]*"
    r"|(?<![\d,.])\d[\d,.]*+\s*+(?:won|KRW)\b"
)
# None of these goes back over what it read: a petitioner may write ten thousand letters of whatever kind.
FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)\d{6}\s*-?\s*[1-8]\d{6}(?!\d)",  # resident registration number
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}",
        r"(?<!\d)0\d{1,2}[-. )]\s?\d{3,4}[-. ]\d{4}(?!\d)|(?<!\d)01\d{8,9}(?!\d)",  # telephone
        r"(?<!\d)\d{3}-\d{2}-\d{5}(?!\d)",  # business registration number
        r"[가-힣0-9]{1,20}(?:로|길)\s*\d+(?:-\d+)?(?:번길\s*\d+)?",  # address
        r"[가-힣]{1,10}[동리]\s*\d+(?:-\d+)?(?:번지)?",
        r"(?<!\d)\d{1,4}동\s*\d{1,4}호",  # flat
        rf"(?:(?:{_REGIONS})\s?)?(?<!\d)\d{{2,3}}\s?[가-힣]\s?\d{{4}}(?!\d)",  # vehicle
        _SUM,
        r"(?<![\d-])\d[\d-]{9,}\d(?!\d)",  # accounts, payment numbers
    )
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """Something that a case is known by. `counts`: a number by itself, not a part of longer ones."""

    kind: str
    value: str
    counts: bool = False


def blacked_out(text: str, known: Sequence[Known]) -> str:
    """`text` with everything that is known, and everything of a telling form, replaced by a black mark."""
    said = unicodedata.normalize("NFKC", text)
    for one in sorted(known, key=lambda found: -len(found.value)):
        said = _pattern(one).sub(BLACK, said)
    for form in FORMS:
        said = form.sub(BLACK, said)
    return re.sub(rf"{BLACK}(?:\s?{BLACK})+", BLACK, said)


def _pattern(one: Known) -> re.Pattern[str]:
    """Whatever stands between its letters; of a sum, with or without what parts thousands."""
    letters = [re.escape(letter) for letter in unicodedata.normalize("NFKC", one.value) if letter.isalnum()]
    if not letters:
        return re.compile(r"(?!)")
    if one.counts:
        return re.compile(r"(?<![\d])" + r"[,.' ]?".join(letters) + r"(?![\d])")
    return re.compile(BETWEEN.join(letters), re.IGNORECASE)
