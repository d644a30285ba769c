from __future__ import annotations

from django.urls import path

from etax.openness import views

app_name = "openness"
urlpatterns = [
    path("", views.log_page, name="log"),
    path("heads.json", views.heads, name="heads"),
    path("consistency.json", views.consistency, name="consistency"),
]
