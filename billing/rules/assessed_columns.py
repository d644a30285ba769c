"""What the rules of a kind answer for many rows of a roll at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from billing.rules.columns import Term
from billing.rules.dated import DatedTables

Won = NDArray[np.int64]
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class AssessedColumns:
    """`amounts` by tax, in the order of a bill's lines, in won; 0 is no line.

    `refused` names column and code of each row (by its place) that can't be billed; its amounts mean nothing.
    """

    amounts: Mapping[str, Won]
    collected: NDArray[np.bool_]
    refused: Mapping[int, tuple[str, str]]


class AssessColumns(Protocol):
    """Assess rows whose cells are right, column by column."""

    def __call__(self, columns: Columns, *, term: Term, tables: DatedTables) -> AssessedColumns: ...
