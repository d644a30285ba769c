"""The Celery application. Start a worker with `celery -A etax.celery worker`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etax.settings.worker")

app = Celery("etax")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_logging_of_settings(**_: Any) -> None:
    """Whoever connects here takes logging out of Celery's hands: the settings' LOGGING writes its lines too."""
