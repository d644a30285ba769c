"""The public site: citizens and visitors. It holds no key of the vault and no login but its own."""

from etax.environment import VAR, environment
from etax.settings.base import *  # noqa: F403
from etax.settings.base import face_database
from etax.settings.gateways import gateways

FACE = "public"
ROOT_URLCONF = "etax.faces.public"
GATEWAYS = gateways(calls=True, callbacks=False)
DATABASES = {"default": {**face_database("public"), "ATOMIC_REQUESTS": True}}
UPLOAD_LARGEST = 5 * 1024 * 1024
IDENTITY_CLIENT_SECRET = environment.secret("ETAX_IDENTITY_CLIENT_SECRET")
DOCUMENT_ROOTS = environment.file("ETAX_DOCUMENT_ROOTS", VAR / "signing" / "roots.pem")
