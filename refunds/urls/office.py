"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from refunds.views import claims, desk, office

app_name = "refunds"
urlpatterns = [
    path("", office.desk, name="desk"),
    path("unclaimed/", office.unclaimed, name="unclaimed"),
    path("claims/", claims.claims, name="claims"),
    path("claims/<int:claim_id>/", claims.claim, name="claim"),
    path("claims/<int:claim_id>/files/<int:file_id>/", claims.file, name="claim_file"),
    path("claimed-back/", desk.claimed, name="claimed"),
    path("approve/", office.approve_batch, name="approve_batch"),
    path("<int:refund_id>/", office.refund, name="refund"),
    path("<int:refund_id>/assess/", office.assess, name="assess"),
    path("<int:refund_id>/approve/", office.approve, name="approve"),
    path("<int:refund_id>/reopen/", desk.reopen, name="reopen"),
    path("<int:refund_id>/account/", desk.name_destination, name="destination"),
    path("<int:refund_id>/account/<int:destination_id>/", desk.decide_destination, name="decide_destination"),
    path("<int:refund_id>/claimed-back/", desk.recover, name="recover"),
    path("<int:refund_id>/claimed-back/<int:recovery_id>/", desk.decide_recovery, name="decide_recovery"),
]
