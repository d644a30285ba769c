"""Refusals: what a use case says when it will not do what it was asked."""

from __future__ import annotations

from django.utils.functional import Promise


class Refusal(Exception):
    """A use case declined; `message` says to a person what is wrong and what to do, in their language.

    Subclasses stand beside the service that raises them and are named after what they stop.
    """

    message: str | Promise = ""

    def __init__(self, message: str | Promise = "") -> None:
        if message:
            self.message = message
        super().__init__(str(self.message))
