"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from payments.views import mandates, public

app_name = "payments"
urlpatterns = [
    path("automatic-debit/", mandates.automatic_debit, name="automatic_debit"),
    path("automatic-debit/end/", mandates.end_automatic_debit, name="end_automatic_debit"),
    path("automatic-debit/<slug:reference>/agreed", mandates.mandate_agreed, name="mandate_agreed"),
    path("automatic-debit/<slug:reference>/not-agreed", mandates.mandate_not_agreed, name="mandate_not_agreed"),
    path("pay/", public.pay_together, name="together"),
    path("pay/<int:bill_id>/", public.pay, name="pay"),
    path("pay/rest/<slug:secret>/", public.pay_rest, name="rest"),
    path("l/<slug:secret>/", public.link, name="link"),
    path("payments/<slug:secret>/", public.status, name="status"),
    path("payments/<slug:secret>/receipts/<slug:number>", public.receipt, name="receipt"),
    path("payments/<slug:secret>/code.svg", public.code, name="code"),
    path("payments/<slug:secret>/returned", public.returned, name="returned"),
    path("payments/<slug:secret>/not-agreed", public.not_agreed, name="not_agreed"),
    path("payments/<slug:secret>/give-up", public.give_up, name="give_up"),
]
