"""Addresses of the portal, on the public face."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("my/", views.my_page, name="my_page"),
    path("about/", views.about, name="about"),
]
