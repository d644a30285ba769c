"""The office site: staff only, on the office network."""

from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database
from etax.settings.gateways import gateways

FACE = "office"
ROOT_URLCONF = "etax.faces.office"
SESSION_COOKIE_NAME = "office_session"
CSRF_COOKIE_NAME = "office_csrftoken"
DATABASES = {"default": {**face_database("office"), "ATOMIC_REQUESTS": True}}
# Their names and what they can do; the office calls none.
GATEWAYS = gateways(calls=False, callbacks=False)
