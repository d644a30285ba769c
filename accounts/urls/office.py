"""Addresses of the office face."""

from __future__ import annotations

from django.urls import URLPattern

from accounts.urls.shared import urlpatterns as shared

app_name = "accounts"
urlpatterns: list[URLPattern] = [*shared]
