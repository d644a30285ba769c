"""Makes http(s) addresses in a plain text clickable."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,2000}")


def linked(text: str) -> Markup:
    """
    >>> linked("<b> http://a.example.com/?x=1&y=2.")
    Markup('&lt;b&gt; <a href="http://a.example.com/?x=1&amp;y=2">http://a.example.com/?x=1&amp;y=2</a>.')
    """
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)")
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        end = match.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])
