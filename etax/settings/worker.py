"""Background jobs: the only process that opens the vault, signs documents and seals the log."""

from etax.environment import environment
from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database

FACE = "worker"
ROOT_URLCONF = "etax.faces.worker"
DATABASES = {"default": face_database("worker")}
LOG_SIGNING_KEY = environment.secret("ETAX_LOG_SIGNING_KEY")
