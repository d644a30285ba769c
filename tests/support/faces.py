"""Test clients that answer as a face does: its settings, its URLs, its database login."""

from __future__ import annotations

import importlib
from contextlib import ExitStack
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

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


class FaceClient(Client):
    """Django's test client, answering as one face; `client.settings` may be changed by a test."""

    def __init__(self, face: str, as_role: AsRole, **options: Any) -> None:
        super().__init__(**options)
        self.face = face
        self.as_role = as_role
        self.settings = face_settings(face)

    def request(self, **request: Any) -> Any:
        with ExitStack() as stack:
            stack.enter_context(override_settings(**self.settings))
            stack.enter_context(self.as_role(self.face))
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
