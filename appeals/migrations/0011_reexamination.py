import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0010_advocates_in_the_calendar"),
        ("billing", "0004_given_back_goes_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reexamination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("kept", "The bill stays as it is"),
                            ("reduced", "The bill is reduced"),
                            ("cancelled", "The bill is cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("lines", models.JSONField(blank=True, default=dict)),
                ("reasons", models.TextField(max_length=20000)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("written", "Waits for a second officer"),
                            ("confirmed", "To be served"),
                            ("served", "Served"),
                        ],
                        default="written",
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("served_on", models.DateField(null=True)),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("site", "On this site"),
                            ("post", "By registered mail"),
                            ("counter", "Handed over at the counter"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_event",
        ),
        migrations.AlterField(
            model_name="entry",
            name="event",
            field=models.CharField(
                choices=[
                    ("filed", "The petition was filed"),
                    ("late", "It was filed after the last day"),
                    ("contested", "The bill is marked as contested; its collection goes on"),
                    ("forwarded", "It was passed on to the authority that hears it"),
                    ("mending_asked", "The petitioner was asked to mend the petition"),
                    ("mended", "The petition was mended"),
                    ("evidence", "A file was added"),
                    ("answered", "The levying office answered"),
                    ("tribunal_open", "Undecided in time: the Tax Tribunal is open"),
                    ("panel_drawn", "Who sits in the case was drawn"),
                    ("challenged", "The petitioner challenged a member of the committee"),
                    ("challenge_held", "The challenge succeeded: the member does not sit in the case"),
                    ("challenge_fell", "The challenge was refused"),
                    ("stepped_aside", "A member of the committee does not sit in the case"),
                    ("drafted", "A ruling was drafted"),
                    ("signed", "The ruling was signed"),
                    ("served", "The ruling was served"),
                    ("carried_out", "The bill was changed as the ruling says"),
                    ("reexamined", "The levying office examined it anew and served the result"),
                    ("not_carried_out", "The bill could not be changed; the clerk looks into it"),
                    ("withdrawn", "The petition was withdrawn"),
                    ("hearing_set", "The hearing is set"),
                    ("hearing_moved", "The hearing is at another time or place"),
                    ("hearing_link", "The link for attending from afar is there"),
                    ("heard", "The case was heard"),
                    ("adjourned", "The hearing was adjourned to another day"),
                    ("advocate", "A special tax advocate stands beside the petitioner"),
                    ("another", "The petitioner asked for another special tax advocate"),
                    ("advocate_left", "The special tax advocate left the case; another one is drawn"),
                    ("brief", "The special tax advocate filed a brief"),
                    ("asked", "The special tax advocate asked the levying office"),
                    ("replied", "The levying office replied to the special tax advocate"),
                    ("counsel_asked", "The petitioner asked for an appointed professional"),
                    ("counsel_given", "A professional was appointed for the petitioner"),
                    ("counsel_refused", "No professional was appointed"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "filed",
                            "late",
                            "contested",
                            "forwarded",
                            "mending_asked",
                            "mended",
                            "evidence",
                            "answered",
                            "tribunal_open",
                            "panel_drawn",
                            "challenged",
                            "challenge_held",
                            "challenge_fell",
                            "stepped_aside",
                            "drafted",
                            "signed",
                            "served",
                            "carried_out",
                            "reexamined",
                            "not_carried_out",
                            "withdrawn",
                            "hearing_set",
                            "hearing_moved",
                            "hearing_link",
                            "heard",
                            "adjourned",
                            "advocate",
                            "another",
                            "advocate_left",
                            "brief",
                            "asked",
                            "replied",
                            "counsel_asked",
                            "counsel_given",
                            "counsel_refused",
                        ],
                    )
                ),
                name="appeals_entry_event",
            ),
        ),
        migrations.AddField(
            model_name="reexamination",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="reexamination", to="appeals.case"
            ),
        ),
        migrations.AddField(
            model_name="reexamination",
            name="change",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.billchange"
            ),
        ),
        migrations.AddField(
            model_name="reexamination",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reexamination",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="reexamination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("result__in", ["kept", "reduced", "cancelled"]),
                    ("status__in", ["written", "confirmed", "served"]),
                    models.Q(("reasons", ""), _negated=True),
                ),
                name="appeals_reexamination_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="reexamination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "reduced"), models.Q(("lines", {}), _negated=True)),
                    models.Q(models.Q(("result", "reduced"), _negated=True), ("lines", {})),
                    _connector="OR",
                ),
                name="appeals_reexamination_lines",
            ),
        ),
        migrations.AddConstraint(
            model_name="reexamination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("status", "written")),
                    models.Q(
                        models.Q(("status", "written"), _negated=True),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeals_reexamination_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="reexamination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("how__in", ["site", "post", "counter"]), ("served_on__isnull", False), ("status", "served")
                    ),
                    models.Q(
                        models.Q(("status", "served"), _negated=True),
                        ("change", None),
                        ("how", ""),
                        ("served_on", None),
                    ),
                    _connector="OR",
                ),
                name="appeals_reexamination_served",
            ),
        ),
        LoadSql("appeals", "access.sql"),
        LoadSql("appeals", "reexamination.sql"),
    ]
