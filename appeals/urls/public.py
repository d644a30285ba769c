"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from appeals.views import draws, public

app_name = "appeals"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("contest/<int:bill_id>/", public.contest, name="contest"),
    path("draws/", draws.draws, name="draws"),
    path("draws/<int:draw_id>/", draws.draw, name="draw"),
    path("draws/<int:draw_id>/draw.json", draws.draw_file, name="draw_file"),
    path("<int:case_id>/", public.case, name="case"),
    path("<int:case_id>/write/", public.write, name="write"),
    path("<int:case_id>/filed/", public.filed, name="filed"),
    path("<int:case_id>/files/", public.add_file, name="add_file"),
    path("<int:case_id>/files/<int:file_id>", public.file, name="file"),
    path("<int:case_id>/mend/", public.mend, name="mend"),
    path("<int:case_id>/withdraw/", public.withdraw, name="withdraw"),
    path("<int:case_id>/challenge/", public.challenge, name="challenge"),
]
