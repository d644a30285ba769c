"""The schema's owner: migrations and nothing else."""

from etax.environment import environment
from etax.settings.base import *  # noqa: F403
from etax.settings.base import admin_database, database

FACE = "owner"
ROOT_URLCONF = "etax.faces.worker"
ROLE_PASSWORD_KEY = environment.secret("ETAX_ROLE_PASSWORD_KEY")
ADMIN_DATABASE = admin_database()
DATABASES = {"default": database(ADMIN_DATABASE, options="-c role=etax_owner")}
