"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from mileage.views import draws, own, uses

app_name = "mileage"
urlpatterns = [
    path("mileage/", own.home, name="home"),
    path("mileage/uses/<slug:reference>/withdraw/", uses.withdraw, name="withdraw"),
    path("mileage/use/<slug:way>/", uses.use, name="use"),
    path("model-taxpayers/", draws.selections, name="selections"),
    path("model-taxpayers/<int:year>/", draws.selection, name="selection"),
    path("model-taxpayers/<int:year>/draw.json", draws.selection_file, name="selection_file"),
]
