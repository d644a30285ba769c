"""Articles of law in the reader's language, in billing's templates."""

from __future__ import annotations

from django import template

from billing.explain import article_text

register = template.Library()


@register.filter
def article(text: str) -> str:
    """지방세기본법 제26조, or Framework Act on Local Taxes article 26."""
    return article_text(text)
