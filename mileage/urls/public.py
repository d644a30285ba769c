"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from mileage.views import own

app_name = "mileage"
urlpatterns = [
    path("mileage/", own.home, name="home"),
]
