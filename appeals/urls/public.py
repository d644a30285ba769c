"""Addresses on the public face."""

from __future__ import annotations

from django.urls import path

from appeals.views import beside, calendar, deliveries, draws, notices, public, seals, survey, tribunal

app_name = "appeals"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("hearings/", calendar.calendar, name="calendar"),
    path("hearings/all.ics", calendar.feed, name="feed"),
    path("hearings/seats/<int:session_id>/", calendar.seat, name="seat"),
    path("hearings/seat/<slug:token>/", calendar.own_seat, name="own_seat"),
    path("hearings/cases/<str:number>.ics", calendar.case_feed, name="case_feed"),
    path("hearings/<slug:day>/", calendar.sitting, name="sitting"),
    path("hearings/<slug:day>.ics", calendar.day_feed, name="day_feed"),
    path("contest/<int:bill_id>/", public.contest, name="contest"),
    path("notices/", notices.mine, name="notices"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/act/", notices.act, name="act_on_notice"),
    path("tribunal/", tribunal.mine, name="tribunals"),
    path("tribunal/bills/<int:bill_id>/", tribunal.seize, name="seize"),
    path("tribunal/<int:referral_id>/", tribunal.referral, name="tribunal"),
    path("tribunal/<int:referral_id>/file.pdf", tribunal.file, name="tribunal_file"),
    path("public-notices/", deliveries.public_notices, name="public_notices"),
    path("draws/", draws.draws, name="draws"),
    path("draws/<int:draw_id>/", draws.draw, name="draw"),
    path("draws/<int:draw_id>/draw.json", draws.draw_file, name="draw_file"),
    path("<int:case_id>/", public.case, name="case"),
    path("<int:case_id>/write/", public.write, name="write"),
    path("<int:case_id>/filed/", public.filed, name="filed"),
    path("<int:case_id>/files/", public.add_file, name="add_file"),
    path("<int:case_id>/files/<int:file_id>", public.file, name="file"),
    path("<int:case_id>/files/<slug:side>.pdf", public.side_file, name="side_file"),
    path("<int:case_id>/mend/", public.mend, name="mend"),
    path("<int:case_id>/hearing.ics", calendar.own_feed, name="own_feed"),
    path("<int:case_id>/withdraw/", public.withdraw, name="withdraw"),
    path("<int:case_id>/satisfaction/", survey.answer, name="satisfaction"),
    path("<int:case_id>/seal/", seals.ask, name="ask_seal"),
    path("<int:case_id>/challenge/", public.challenge, name="challenge"),
    path("<int:case_id>/advocate/", beside.beside, name="beside"),
    path("<int:case_id>/advocate/write/", beside.write, name="write_advocate"),
    path("<int:case_id>/advocate/another/", beside.another, name="another"),
    path("<int:case_id>/counsel/", beside.ask_counsel, name="counsel"),
    path("<int:case_id>/counsel/withdraw/", beside.withdraw_counsel, name="withdraw_counsel"),
]
