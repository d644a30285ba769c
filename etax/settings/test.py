"""Tests: the worker's settings; fixtures sign in as another face where a test asks for it."""

from etax.environment import environment
from etax.settings.base import admin_database
from etax.settings.pages import PLAIN_FILES, STORAGES
from etax.settings.worker import *  # noqa: F403

ADMIN_DATABASE = admin_database()
ROLE_PASSWORD_KEY = environment.secret("ETAX_ROLE_PASSWORD_KEY")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all of them with each client
# Tasks that a test sends go nowhere: tests run what is due themselves.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT, CELERY_BROKER_TRANSPORT_OPTIONS = "memory", {}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Real Argon2 with the costs of an old telephone: what is tested is the way, not the strength.
PASSWORD_HASHERS = ["tests.support.hashers.CheapArgon2"]
