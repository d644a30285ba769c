"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from payments.views import office, routes

app_name = "payments"
urlpatterns = [
    path("payments/", office.search, name="search"),
    path("payments/inbox/", office.inbox, name="inbox"),
    path("payments/suspense/", office.suspense, name="suspense"),
    path("payments/gateways/", routes.routes, name="routes"),
    path("payments/gateways/<slug:channel>/", routes.route, name="route"),
]
