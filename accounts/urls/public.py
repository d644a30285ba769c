"""Addresses of the public face."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.urls.shared import urlpatterns as shared
from accounts.views import account, claim, identity, passwords

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    *shared,
    path("sign-up/", passwords.sign_up, name="sign_up"),
    path("sign-in/identity/", identity.start, name="identity"),
    path("sign-in/identity/callback", identity.callback, name="identity_callback"),
    path("sign-in/identity/check/", identity.wait, name="identity_wait"),
    path("account/code-generator/off/", account.turn_off_generator, name="turn_off_generator"),
    path("account/claim/", claim.claim, name="claim"),
    path("account/claim/check/", claim.wait, name="claim_wait"),
]
