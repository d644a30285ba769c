"""Command-line options that make no sense."""

from __future__ import annotations


class BadOption(Exception):
    """The message names the option."""
