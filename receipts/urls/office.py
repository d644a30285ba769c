"""Addresses of the register on the office face."""

from __future__ import annotations

from django.urls import path

from receipts.views import office as views

app_name = "receipts"
urlpatterns = [
    path("", views.register, name="register"),
    path("<int:document_id>/", views.document, name="document"),
    path("<int:document_id>/pdf", views.download, name="download"),
    path("<int:document_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:document_id>/withdraw/<int:withdrawal_id>/", views.decide, name="decide"),
]
