import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_what_officers_tell"),
        ("appeals", "0017_sittings_of_members"),
        ("billing", "0007_rows_of_a_roll"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "The answer and the file are to be made"),
                            ("sent", "The file went to the Tribunal"),
                            ("written", "The decision waits for a second officer"),
                            ("decided", "Decided"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("direct", "without an objection"),
                            ("decided", "after the decision of an objection"),
                            ("undecided", "while an objection was not decided"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tribunal_number", models.CharField(blank=True, default="", max_length=40)),
                ("seized_on", models.DateField()),
                ("heard_on", models.DateField()),
                ("claims", models.TextField(blank=True, default="", max_length=10000)),
                ("by_petitioner", models.BooleanField()),
                ("recorded_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, default="", max_length=20000)),
                ("answered_at", models.DateTimeField(null=True)),
                ("sent_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dismissed", "Dismissed"),
                            ("rejected", "Rejected"),
                            ("cancelled", "Upheld: the bill is cancelled"),
                            ("corrected", "Upheld: the bill is corrected"),
                            ("withdrawn", "Withdrawn by the petitioner"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("lines", models.JSONField(blank=True, default=dict)),
                ("reasons", models.TextField(blank=True, default="", max_length=20000)),
                ("decided_on", models.DateField(null=True)),
                ("told_on", models.DateField(null=True)),
                ("refused", models.CharField(blank=True, default="", max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="ReferralFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.IntegerField()),
                ("index", models.JSONField()),
                ("made_at", models.DateTimeField()),
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
                    ("tribunal_seized", "The Tax Tribunal was seized"),
                    ("longer", "The decision takes up to 30 days longer"),
                    ("bill_issued", "The bill was issued as decided"),
                    ("bill_dropped", "No bill is issued"),
                    ("counsel_asked", "The petitioner asked for an appointed professional"),
                    ("counsel_given", "A professional was appointed for the petitioner"),
                    ("counsel_refused", "No professional was appointed"),
                    ("seal_asked", "A side asked for something to be sealed"),
                    ("sealed", "The court sealed something"),
                    ("seal_refused", "The court did not seal it"),
                    ("unsealed", "The court opened a seal again"),
                    ("reminded", "Reminder of a deadline"),
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
                            "tribunal_seized",
                            "longer",
                            "bill_issued",
                            "bill_dropped",
                            "counsel_asked",
                            "counsel_given",
                            "counsel_refused",
                            "seal_asked",
                            "sealed",
                            "seal_refused",
                            "unsealed",
                            "reminded",
                        ],
                    )
                ),
                name="appeals_entry_event",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="bill",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bill"),
        ),
        migrations.AddField(
            model_name="referral",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.levyingbody"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="appeals.case"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="change",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.billchange"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="taxpayer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.taxpayer"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="written_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referralfile",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referralfile",
            name="referral",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="file", to="appeals.referral"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["taxpayer", "-id"], name="appeals_referral_of_taxpayer"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["body", "status"], name="appeals_referral_of_body"),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("route__in", ["direct", "decided", "undecided"]),
                    ("status__in", ["open", "sent", "written", "decided"]),
                    ("outcome__in", ("", "dismissed", "rejected", "cancelled", "corrected", "withdrawn")),
                    ("heard_on__gte", models.F("seized_on")),
                ),
                name="appeals_referral_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_by", None)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="appeals_referral_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("status__in", ("open", "sent")), ("written_by", None)),
                    models.Q(
                        ("status__in", ("written", "decided")),
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_on__gte", models.F("seized_on")),
                        ("told_on__gte", models.F("decided_on")),
                        ("written_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="appeals_referral_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "corrected"), models.Q(("lines", {}), _negated=True)),
                    models.Q(models.Q(("outcome", "corrected"), _negated=True), ("lines", {})),
                    _connector="OR",
                ),
                name="appeals_referral_lines",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ("cancelled", "corrected")), ("status", "decided"), _negated=True),
                    models.Q(
                        ("confirmed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeals_referral_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                models.F("bill"),
                condition=models.Q(("status", "decided"), _negated=True),
                name="appeals_referral_one_a_bill",
            ),
        ),
        LoadSql("appeals", "tribunal.sql"),
        LoadSql("appeals", "desk.sql"),
    ]
