"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from mileage.views import batches, draws, liability

app_name = "mileage"
urlpatterns = [
    path("mileage/", liability.report, name="liability"),
    path("mileage/liability.csv", liability.report_csv, name="liability_csv"),
    path("mileage/files/", batches.batches, name="batches"),
    path("mileage/files/draw/<slug:way>/", batches.draw, name="draw_batch"),
    path("mileage/files/<int:batch_id>/", batches.batch, name="batch"),
    path("mileage/files/<int:batch_id>/decide/", batches.decide, name="decide_batch"),
    path("mileage/files/<int:batch_id>/send/", batches.send, name="send_batch"),
    path("mileage/files/<int:batch_id>/file", batches.file, name="batch_file"),
    path("mileage/selections/", draws.draws, name="draws"),
    path("mileage/selections/<int:draw_id>/event/", draws.event, name="event"),
    path("mileage/selections/<int:draw_id>/reveal/", draws.reveal, name="reveal"),
]
