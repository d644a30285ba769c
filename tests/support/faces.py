"""Test clients that answer as a face does: its settings, its URLs, its database login."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest
from django.conf import UserSettingsHolder, settings
from django.forms.renderers import get_default_renderer
from django.template import engines
from django.template.engine import Engine
from django.template.utils import EngineHandler
from django.test import Client
from django.urls import set_urlconf
from django.utils import translation

from tests.support.database import AsRole

FACE_SETTINGS = (
    "FACE",
    "ROOT_URLCONF",
    "MIDDLEWARE",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "AUTHENTICATION_BACKENDS",
    "TEMPLATES",
    "LOGIN_URL",
    "UPLOAD_LARGEST",
    "IDENTITY_CLIENT_SECRET",
)


def face_settings(face: str) -> dict[str, Any]:
    """What a face's settings module says differently."""
    module = importlib.import_module(f"etax.settings.{face}")
    return {name: getattr(module, name) for name in FACE_SETTINGS if hasattr(module, name)}


@cache
def engines_of(face: str) -> dict[str, Any]:
    """A face's templates stay compiled from one request to the next, as they do in its own process."""
    return _state(EngineHandler(face_settings(face)["TEMPLATES"]))


def _state(handler: EngineHandler) -> dict[str, Any]:
    handler.all()
    return dict(vars(handler))


@contextmanager
def wearing(face: str, changes: dict[str, Any]) -> Iterator[None]:
    """`override_settings` without telling everybody: compiled templates and URLs would be forgotten at each request."""
    lazy: Any = settings
    before, of_worker = lazy._wrapped, _state(engines)
    worn = UserSettingsHolder(before)
    for name, value in changes.items():
        setattr(worn, name, value)
    lazy._wrapped = worn
    _use_engines(engines_of(face))
    try:
        yield
    finally:
        lazy._wrapped = before
        _use_engines(of_worker)
        set_urlconf(None)


def _use_engines(state: dict[str, Any]) -> None:
    """`engines` is imported by name everywhere, so it takes over the other's state."""
    vars(engines).update(state)
    remembered: tuple[Any, ...] = (Engine.get_default, get_default_renderer)
    for function in remembered:
        function.cache_clear()


class FaceClient(Client):
    """Django's test client, answering as one face; `client.settings` may be changed by a test."""

    def __init__(self, face: str, as_role: AsRole, **options: Any) -> None:
        super().__init__(**options)
        self.face = face
        self.as_role = as_role
        self.settings = face_settings(face)

    def request(self, **request: Any) -> Any:
        with ExitStack() as stack:
            stack.enter_context(wearing(self.face, self.settings))
            stack.enter_context(self.as_role(self.face))
            stack.enter_context(translation.override(translation.get_language()))  # a visitor's language is not ours
            return super().request(**request)


@pytest.fixture
def public_client(as_role: AsRole) -> FaceClient:
    return FaceClient("public", as_role)


@pytest.fixture
def office_client(as_role: AsRole) -> FaceClient:
    return FaceClient("office", as_role)


@pytest.fixture
def intake_client(as_role: AsRole) -> FaceClient:
    return FaceClient("intake", as_role)
