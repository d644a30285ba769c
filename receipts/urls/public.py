from __future__ import annotations

from django.urls import path

from receipts.views import public as views

app_name = "receipts"
urlpatterns = [
    path("", views.my_documents, name="mine"),
    path("<int:document_id>/pdf", views.download, name="download"),
    path("link/<slug:secret>", views.by_link, name="by_link"),
    path("verify", views.verify, name="verify"),
    path("verify/<str:number>", views.verify_number, name="verify_number"),
]
