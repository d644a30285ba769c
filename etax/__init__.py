"""The composition root: settings, faces, wiring, city packs, and the pages that join several apps."""

from etax.celery import app as celery_app

__all__ = ["celery_app"]
