"""What of the court's figures is told, so that nobody is told with them (통계 비밀보호)."""

from appeals.rules.figures.counts import ALL, Cell, Tables, withheld
from appeals.rules.figures.sums import Sum, sums_withheld

__all__ = ["ALL", "Cell", "Sum", "Tables", "sums_withheld", "withheld"]
