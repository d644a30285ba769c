from __future__ import annotations

from django.urls import path

from billing.views import public

app_name = "billing"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("find/", public.find, name="find"),
    path("<int:bill_id>/", public.detail, name="bill"),
    path("<int:bill_id>/paper/", public.paper, name="paper"),
    path("<int:bill_id>/paper/<slug:secret>/", public.paper_made, name="paper_made"),
    path("<int:bill_id>/explain.json", public.explain, name="explain"),
]
