from __future__ import annotations

from django.apps import AppConfig


class MileageConfig(AppConfig):
    name = "mileage"
    verbose_name = "Mileage"
