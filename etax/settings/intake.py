"""Intake: what gateways, banks and ATMs send. No pages, no sessions."""

from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database
from etax.settings.gateways import acquirer

FACE = "intake"
ROOT_URLCONF = "etax.faces.intake"
GATEWAYS = {"sandbox_acquirer": acquirer(calls=False, callbacks=True)}
MIDDLEWARE = [
    "etax.health.Health",
    "etax.logs.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
]
DATABASES = {"default": face_database("intake")}
