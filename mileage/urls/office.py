"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from mileage.views import liability

app_name = "mileage"
urlpatterns = [
    path("mileage/", liability.report, name="liability"),
    path("mileage/liability.csv", liability.report_csv, name="liability_csv"),
]
