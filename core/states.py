"""Guarded changes of state: an UPDATE that only succeeds from the state it was decided in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

Transitions = Mapping[str, frozenset[str]]


class StaleState(Exception):
    """Somebody else moved the row first, or it never was in the state this change starts from."""


class ForbiddenTransition(ValueError):
    """The transition table has no such edge: a mistake in the program, not of a person."""


def move(
    model: type[models.Model], pk: object, *, transitions: Transitions, old: str, new: str, **changes: Any
) -> None:
    """Move one row from `old` to `new` and set `changes` with it; raises `StaleState` unless exactly one row moved."""
    if new not in transitions[old]:
        raise ForbiddenTransition(f"{model.__name__}: {old} -> {new}")
    moved = model._default_manager.filter(pk=pk, status=old).update(status=new, **changes)
    if moved != 1:
        raise StaleState(f"{model.__name__} {pk} is no longer {old}")
