"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from refunds.views import office

app_name = "refunds"
urlpatterns = [
    path("", office.desk, name="desk"),
    path("unclaimed/", office.unclaimed, name="unclaimed"),
    path("claims/", office.claims, name="claims"),
    path("claims/<int:claim_id>/", office.claim, name="claim"),
    path("approve/", office.approve_batch, name="approve_batch"),
    path("<int:refund_id>/", office.refund, name="refund"),
    path("<int:refund_id>/assess/", office.assess, name="assess"),
    path("<int:refund_id>/approve/", office.approve, name="approve"),
]
