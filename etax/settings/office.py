"""The office site: staff only, on the office network."""

from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database

FACE = "office"
ROOT_URLCONF = "etax.faces.office"
SESSION_COOKIE_NAME = "office_session"
CSRF_COOKIE_NAME = "office_csrftoken"
DATABASES = {"default": {**face_database("office"), "ATOMIC_REQUESTS": True}}
