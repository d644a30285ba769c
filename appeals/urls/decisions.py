"""Addresses of decisions on the public face, which are cited."""

from __future__ import annotations

from django.urls import path

from appeals.views import decisions, figures

app_name = "decisions"
urlpatterns = [
    path("", decisions.decisions, name="decisions"),
    path("decisions.json", decisions.decisions_file, name="decisions_file"),
    path("figures/", figures.figures, name="figures"),
    path("figures.json", figures.figures_json, name="figures_json"),
    path("figures.csv", figures.figures_csv, name="figures_csv"),
    path("<int:year>-<int:number>/", decisions.decision, name="decision"),
    path("<int:year>-<int:number>/decision.json", decisions.decision_file, name="decision_file"),
]
