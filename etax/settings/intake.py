"""Intake: what gateways, banks and ATMs send. No pages, no sessions."""

from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database
from etax.settings.gateways import atm_keys, gateways

FACE = "intake"
ROOT_URLCONF = "etax.faces.intake"
GATEWAYS = gateways(calls=False, callbacks=True)
ATM_KEYS = atm_keys()
MIDDLEWARE = [
    "etax.health.Health",
    "etax.logs.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
]
_LOGIN = face_database("intake")
# A handful of calls, always the same: the server keeps their plans from message to message.
DATABASES = {"default": {**_LOGIN, "OPTIONS": {**_LOGIN["OPTIONS"], "prepare_threshold": 1}}}
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # nobody signs in here
