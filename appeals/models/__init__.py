"""Tables of the open tax court."""

from appeals.models.case import Case, Entry, Evidence, Letter, Mending
from appeals.models.draw import Draw, DrawMark, DrawSecret
from appeals.models.ruling import Ruling

__all__ = ["Case", "Draw", "DrawMark", "DrawSecret", "Entry", "Evidence", "Letter", "Mending", "Ruling"]
