"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from appeals.views import acts, bench, committee, hearings, office, panels, papers, running

app_name = "appeals"
urlpatterns = [
    path("", office.desk, name="desk"),
    path("hearings/", hearings.calendar, name="hearings"),
    path("hearings/open/", hearings.open_sittings, name="open_sittings"),
    path("hearings/plan/", hearings.ask_plan, name="ask_plan"),
    path("hearings/plans/<int:plan_id>/", hearings.plan, name="plan"),
    path("hearings/plans/<int:plan_id>/fix/", hearings.fix_plan, name="fix_plan"),
    path("hearings/plans/<int:plan_id>/drop/", hearings.drop_plan, name="drop_plan"),
    path("hearings/rooms/<int:session_id>/", running.session, name="session"),
    path("hearings/<int:slot_id>/", running.hearing, name="hearing"),
    path("hearings/<int:slot_id>/attend/", running.attend, name="attend"),
    path("hearings/<int:slot_id>/state/", running.state, name="state"),
    path("hearings/<int:slot_id>/begin/", running.begin, name="begin_hearing"),
    path("hearings/<int:slot_id>/end/", running.end, name="end_hearing"),
    path("hearings/<int:slot_id>/adjourn/", running.adjourn, name="adjourn"),
    path("hearings/<int:slot_id>/link/", running.link, name="hearing_link"),
    path("hearings/<int:slot_id>/minutes/", running.minutes, name="minutes"),
    path("hearings/minutes/<int:minutes_id>/sign/", running.sign_minutes, name="sign_minutes"),
    path("counter/", office.counter, name="counter"),
    path("contest/<int:bill_id>/", office.contest, name="contest"),
    path("committee/", committee.members, name="members"),
    path("committee/act/", committee.act_on_members, name="act_on_members"),
    path("committee/<int:member_id>/", committee.member, name="member"),
    path("committee/<int:member_id>/act/", committee.act_on_member, name="act_on_member"),
    path("panels/", panels.panels_of, name="panels"),
    path("panels/call/", panels.call, name="call_panel"),
    path("panels/<int:panel_id>/", panels.panel, name="panel"),
    path("panels/<int:panel_id>/act/", panels.act_on_panel, name="act_on_panel"),
    path("bench/", bench.desk, name="bench"),
    path("bench/act/", bench.act_on_desk, name="act_on_bench"),
    path("bench/panels/<int:panel_id>/papers.pdf", papers.papers, name="papers"),
    path("bench/cases/<int:case_id>/", bench.case, name="bench_case"),
    path("bench/cases/<int:case_id>/act/", bench.act_on_case, name="act_on_bench_case"),
    path("<int:case_id>/", office.case, name="case"),
    path("<int:case_id>/write/", office.write, name="write"),
    path("<int:case_id>/filed/", office.filed, name="filed"),
    path("<int:case_id>/files/", office.add_file, name="add_file"),
    path("<int:case_id>/files/<int:file_id>", office.file, name="file"),
    path("<int:case_id>/ask/", acts.ask, name="ask"),
    path("<int:case_id>/mend/", acts.mend, name="mend"),
    path("<int:case_id>/answer/", acts.answer, name="answer"),
    path("<int:case_id>/forward/", acts.forward, name="forward"),
    path("<int:case_id>/rule/", acts.rule, name="rule"),
    path("<int:case_id>/sign/", acts.sign, name="sign"),
    path("<int:case_id>/serve/", acts.serve, name="serve"),
    path("<int:case_id>/move/", hearings.move, name="move"),
    path("<int:case_id>/withdraw/", acts.withdraw, name="withdraw"),
]
