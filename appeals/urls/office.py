"""Addresses on the office face."""

from __future__ import annotations

from django.urls import path

from appeals.views import acts, office

app_name = "appeals"
urlpatterns = [
    path("", office.desk, name="desk"),
    path("counter/", office.counter, name="counter"),
    path("contest/<int:bill_id>/", office.contest, name="contest"),
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
    path("<int:case_id>/withdraw/", acts.withdraw, name="withdraw"),
]
