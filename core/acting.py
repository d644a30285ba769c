"""A form's work: done and said so, or refused in the form itself, so that nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from core import clock
from core.errors import Refusal


def carried_out(request: HttpRequest, form: BaseForm, work: Callable[[datetime], object], *, told: str) -> bool:
    """Whether the form was right and its work was done; then `told` stands on the next page.

    A refusal becomes an error of the form, in the person's language. Whatever else is raised is the caller's.
    """
    if not form.is_valid():
        return False
    try:
        work(clock.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return False
    messages.success(request, told)
    return True
