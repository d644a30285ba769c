"""Addresses that every face with pages has."""

from __future__ import annotations

from django.urls import path

from .language import choose_language

urlpatterns = [path("language/", choose_language, name="language")]
