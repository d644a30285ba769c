"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from refunds.views import own_claims, public

app_name = "refunds"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("ask/", public.whether, name="whether"),
    path("account/<int:taxpayer_id>/", public.account, name="account"),
    path("claim/<int:bill_id>/", own_claims.claim, name="claim"),
    path("claims/<int:claim_id>/", own_claims.own, name="own_claim"),
    path("claims/<int:claim_id>/files/<int:file_id>/", own_claims.file, name="claim_file"),
    path("<int:refund_id>/", public.refund, name="refund"),
    path("<int:refund_id>/explain.json", public.explained, name="explained"),
]
