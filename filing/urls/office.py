"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from filing.views import office

app_name = "filing"
urlpatterns = [
    path("", office.desk, name="desk"),
    path("new/<int:taxpayer_id>/", office.kinds, name="kinds"),
    path("new/<int:taxpayer_id>/<slug:kind>/", office.new, name="new"),
    path("<int:return_id>/", office.detail, name="return"),
    path("<int:return_id>/amend/", office.amend, name="amend"),
]
