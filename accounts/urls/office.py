"""Addresses of the office face."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.urls.shared import urlpatterns as shared
from accounts.views.office import authorities, officers, people, records, relatives

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    *shared,
    path("officers/", officers.officers, name="officers"),
    path("officers/new/", officers.appoint, name="appoint"),
    path("officers/<int:account_id>/", officers.officer, name="officer"),
    path("officers/<int:account_id>/roles/", officers.ask, name="ask_role"),
    path("officers/<int:account_id>/roles/<int:grant_id>/grant/", officers.grant, name="grant_role"),
    path("officers/<int:account_id>/roles/<int:grant_id>/end/", officers.end, name="end_role"),
    path("officers/<int:account_id>/suspend/", officers.suspend, name="suspend"),
    path("officers/<int:account_id>/code-generator/", officers.take_away, name="take_away"),
    path("account/relatives/", relatives.relatives, name="relatives"),
    path("taxpayers/", people.taxpayers, name="taxpayers"),
    path("taxpayers/new/", people.newcomer, name="newcomer"),
    path("taxpayers/new/<int:newcomer_id>/", people.newcomer_wait, name="newcomer_wait"),
    path("taxpayers/joint/", records.joint, name="joint"),
    path("taxpayers/<int:taxpayer_id>/address/", records.address, name="address"),
    path("taxpayers/<int:taxpayer_id>/death/", records.death, name="death"),
    path("taxpayers/<int:taxpayer_id>/heirs/", records.heir, name="heir"),
    path("taxpayers/<int:taxpayer_id>/owners/", records.owners, name="owners"),
    path("taxpayers/<int:taxpayer_id>/", authorities.taxpayer, name="taxpayer"),
    path("taxpayers/<int:taxpayer_id>/authorities/<int:authority_id>/end/", authorities.revoke, name="revoke"),
    path("authorities/new/", authorities.record, name="authority"),
]
