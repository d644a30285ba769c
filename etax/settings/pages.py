"""Settings of everything a browser sees: static files, forms, languages' formats, page policy."""

from __future__ import annotations

from typing import Any

from etax.environment import CHECKOUT, VAR, environment
from etax.web.policy import content_security_policy

# --- Static files: hashed names where `collectstatic` has run, the sources themselves in a bare checkout -------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
NODE_MODULES = CHECKOUT / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "etax.web.finders.PackageFinder",
]
COLLECTED = environment.production or (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not COLLECTED
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": HASHED_FILES if COLLECTED else PLAIN_FILES},
}

# --- Pages ----------------------------------------------------------------------------------------------------------
FORM_RENDERER = "etax.web.renderer.PageRenderer"
FORMAT_MODULE_PATH = "etax.formats"
CSRF_FAILURE_VIEW = "etax.web.errors.form_expired"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = environment.production
# What the masthead says of the site; empty: that it is a demonstration.
ETAX_MASTHEAD = environment.values.get("ETAX_MASTHEAD", "").strip()
# Origins that a form's answer may lead to: the gateways' hosted card pages and the identity provider.
FORM_TARGETS = environment.items("ETAX_FORM_TARGETS", "" if environment.production else "http://127.0.0.1:*")
CONTENT_SECURITY_POLICY = content_security_policy(form_targets=FORM_TARGETS, upgrade=environment.production)
