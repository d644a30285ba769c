"""Addresses that both faces have: signing in, the second factor, the account."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.views import account, generator, passwords, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-in/forgotten/", passwords.forgotten, name="forgotten"),
    path("sign-in/password/<str:token>/", passwords.choose, name="choose_password"),
    path("account/", account.account, name="account"),
    path("account/password/", passwords.change, name="change_password"),
    path("account/sign-out-elsewhere/", account.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/code-generator/", generator.enrol, name="enrol"),
    path("account/code-generator/image/", generator.generator_image, name="generator_image"),
    path("account/backup-codes/", generator.backup_codes, name="backup_codes"),
]
