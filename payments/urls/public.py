"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from payments.views import public

app_name = "payments"
urlpatterns = [
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
