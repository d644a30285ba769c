from __future__ import annotations

from django.urls import path

from billing.views import cancel_roll, extensions, life, office

app_name = "billing"
urlpatterns = [
    path("rolls/", office.rolls, name="rolls"),
    path("rolls/upload/", office.upload, name="upload"),
    path("rolls/<int:roll_id>/", office.roll, name="roll"),
    path("rolls/<int:roll_id>/defects.csv", office.defects, name="defects"),
    path("rolls/<int:roll_id>/approve/", office.approve, name="approve"),
    path("rolls/<int:roll_id>/issue/", office.issue, name="issue"),
    path("rolls/<int:roll_id>/cancel/", cancel_roll.ask_to_cancel, name="cancel_roll"),
    path("rolls/<int:roll_id>/cancel/decide/", cancel_roll.decide_to_cancel, name="decide_to_cancel_roll"),
    path("rolls/<int:roll_id>/withdraw/", office.withdraw, name="withdraw"),
    path("bills/", office.search, name="search"),
    path("bills/<int:bill_id>/", office.bill, name="bill"),
    path("bills/<int:bill_id>/explain.json", office.explain, name="explain"),
    path("bills/<int:bill_id>/change/<slug:kind>/", life.change, name="change"),
    path("bills/<int:bill_id>/changes/<int:change_id>/", life.decide, name="decide"),
    path("changes/", life.waiting, name="waiting"),
    path("extensions/", extensions.acts, name="extensions"),
    path("extensions/new/", extensions.ask, name="extension_new"),
    path("extensions/<int:act_id>/", extensions.act, name="extension"),
]
