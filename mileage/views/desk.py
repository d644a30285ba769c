"""What the office's pages have in common: points are the city's, no district's."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.access import Role, officer_of

READERS: Final = (Role.TREASURER, Role.APPROVER, Role.AUDITOR)


def only_the_citys(request: HttpRequest) -> None:
    if not officer_of(request).of_the_city:
        raise PermissionDenied
