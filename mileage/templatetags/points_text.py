"""Points in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def points(number: int | None) -> str:
    """1,234 points; 1,234점."""
    return "" if number is None else gettext("%(number)s points") % {"number": f"{number:,}"}


@register.filter
def change(number: int) -> str:
    """The same with its sign."""
    return gettext("%(number)s points") % {"number": f"{number:+,}"}
