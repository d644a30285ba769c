"""Addresses on the intake face."""

from __future__ import annotations

from django.urls import path

from payments.views import intake

app_name = "payments"
urlpatterns = [
    path("callbacks/<slug:gateway>", intake.callback, name="callback"),
]
