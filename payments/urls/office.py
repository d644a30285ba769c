"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from payments.views import bank_files, cancellations, counter, days, disputes, drawers, office, routes, suspense

app_name = "payments"
urlpatterns = [
    path("payments/", office.search, name="search"),
    path("payments/inbox/", office.inbox, name="inbox"),
    path("payments/inbox/<int:message_id>/again/", suspense.replay, name="replay"),
    path("payments/suspense/", suspense.suspense, name="suspense"),
    path("payments/suspense/<int:payment_id>/", suspense.money, name="suspended_money"),
    path("payments/suspense/<int:payment_id>/assign/", suspense.assign, name="assign"),
    path("payments/suspense/<int:payment_id>/return/", suspense.give_back, name="return_money"),
    path("payments/suspense/cases/<int:case_id>/", suspense.decide, name="decide_suspense"),
    path("payments/ended/", suspense.forcings, name="forcings"),
    path("payments/ended/<int:forcing_id>/", suspense.decide_forcing, name="decide_forcing"),
    path("payments/<slug:reference>/end/", suspense.force, name="force"),
    path("payments/counter/", counter.desk, name="counter"),
    path("payments/counter/open/", counter.open_drawer, name="open_drawer"),
    path("payments/counter/take/", counter.take, name="take"),
    path("payments/counter/taken/<int:payment_id>/", counter.taken, name="taken"),
    path("payments/counter/taken/<int:payment_id>/bounce/", counter.bounce, name="bounce"),
    path("payments/drawers/", drawers.drawers, name="drawers"),
    path("payments/drawers/<int:drawer_id>/", drawers.drawer, name="drawer"),
    path("payments/drawers/<int:drawer_id>/decide/", drawers.decide_drawer, name="decide_drawer"),
    path("payments/cheques/", drawers.cheques, name="cheques"),
    path("payments/cheques/<int:bounce_id>/", drawers.decide_bounce, name="decide_bounce"),
    path("payments/cancellations/", cancellations.cancellations, name="cancellations"),
    path("payments/cancellations/<int:cancellation_id>/", cancellations.decide_cancel, name="decide_cancel"),
    path("payments/<int:payment_id>/cancel/", cancellations.cancel, name="cancel"),
    path("payments/files/", bank_files.bank_files, name="bank_files"),
    path("payments/files/new/", bank_files.bring, name="bring_bank_file"),
    path("payments/files/<int:file_id>/", bank_files.bank_file, name="bank_file"),
    path("payments/objections/", disputes.disputes, name="disputes"),
    path("payments/objections/<int:dispute_id>/", disputes.dispute, name="dispute"),
    path("payments/objections/<int:dispute_id>/evidence/", disputes.evidence, name="evidence"),
    path("payments/objections/<int:dispute_id>/evidence/<int:file_id>", disputes.evidence_file, name="evidence_file"),
    path("payments/objections/<int:dispute_id>/answer/", disputes.answer, name="answer_dispute"),
    path("payments/gateways/", routes.routes, name="routes"),
    path("payments/gateways/<slug:channel>/", routes.route, name="route"),
    path("payments/days/", days.days, name="days"),
    path("payments/days/<slug:day>/", days.day, name="day"),
    path("payments/days/<slug:day>/differences.csv", days.day_csv, name="day_csv"),
    path("payments/differences/<int:difference_id>/", days.difference, name="difference"),
    path("payments/differences/<int:difference_id>/take/", days.take, name="take_difference"),
    path("payments/distribution/", days.distribution, name="distribution"),
    path("payments/distribution.csv", days.distribution_csv, name="distribution_csv"),
]
