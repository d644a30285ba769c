"""Tables of the open tax court."""

from appeals.models.case import Case, Entry, Evidence, Letter, Mending
from appeals.models.ruling import Ruling

__all__ = ["Case", "Entry", "Evidence", "Letter", "Mending", "Ruling"]
