"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from filing.views import prepay, public

app_name = "filing"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("ahead/", prepay.prepay, name="prepay"),
    path("new/<slug:kind>/", public.new, name="new"),
    path("of-bill/<int:bill_id>/", public.of_bill, name="of_bill"),
    path("<int:return_id>/", public.detail, name="return"),
    path("<int:return_id>/amend/", public.amend, name="amend"),
]
