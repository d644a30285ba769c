import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sql"),
        ("appeals", "0011_reexamination"),
        ("billing", "0005_intended"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("written", "Waits for a second officer"),
                            ("confirmed", "To be served"),
                            ("served", "Served"),
                            ("issued", "The bill is issued"),
                            ("dropped", "No bill is issued"),
                        ],
                        default="written",
                        max_length=10,
                    ),
                ),
                ("tax_year", models.SmallIntegerField()),
                ("term", models.SmallIntegerField()),
                ("object_ref", models.CharField(max_length=24)),
                ("liability_on", models.DateField()),
                ("lines", models.JSONField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("investigation", "Result of a tax investigation"),
                            ("audit", "Result of an audit or inspection of the office"),
                            ("data", "Data about somebody else that an investigation confirmed, or a look on the spot"),
                            ("refused", "A request for exemption or reduction is refused"),
                            ("recalled", "Tax that was exempted or reduced is collected after all"),
                            ("amount", "The bill is large enough"),
                        ],
                        max_length=16,
                    ),
                ),
                ("basis", models.CharField(max_length=2000)),
                (
                    "no_review",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "A review can be asked for"),
                            ("evasion", "An investigation for tax evasion runs"),
                            ("early", "The tax may be collected before it is due"),
                            ("expires", "Three months or less are left to assess it"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("expires_on", models.DateField(null=True)),
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
                ("tracking", models.CharField(blank=True, default="", max_length=40)),
                ("waits_until", models.DateField(null=True)),
                ("early_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, default="", max_length=300)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="appeals_case_kind",
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_event",
        ),
        migrations.AddField(
            model_name="case",
            name="longer_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[("objection", "Objection"), ("review", "Pre-assessment review")],
                default="objection",
                max_length=12,
            ),
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
                    ("longer", "The decision takes up to 30 days longer"),
                    ("bill_issued", "The bill was issued as decided"),
                    ("bill_dropped", "No bill is issued"),
                    ("counsel_asked", "The petitioner asked for an appointed professional"),
                    ("counsel_given", "A professional was appointed for the petitioner"),
                    ("counsel_refused", "No professional was appointed"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["objection", "review"])), name="appeals_case_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("longer_at", None), ("kind", "review"), _connector="OR"), name="appeals_case_longer"
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
                            "longer",
                            "bill_issued",
                            "bill_dropped",
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
            model_name="notice",
            name="bill",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bill"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.levyingbody"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="tax",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.taxtype"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="taxpayer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.taxpayer"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["taxpayer", "-id"], name="appeals_notice_of_taxpayer"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["body", "status"], name="appeals_notice_of_body"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("waits_until"), condition=models.Q(("status", "served")), name="appeals_notice_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ground__in", ["investigation", "audit", "data", "refused", "recalled", "amount"]),
                    ("status__in", ["written", "confirmed", "served", "issued", "dropped"]),
                    ("no_review__in", ["", "evasion", "early", "expires"]),
                    models.Q(("basis", ""), _negated=True),
                    models.Q(("lines", []), _negated=True),
                ),
                name="appeals_notice_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_on__isnull", False), ("no_review", "expires")),
                    models.Q(("no_review", "expires"), _negated=True),
                    _connector="OR",
                ),
                name="appeals_notice_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bill", None), ("confirmed_by", None), ("number", None), ("status", "written")),
                    models.Q(("bill", None), ("status", "dropped")),
                    models.Q(
                        models.Q(("status", "written"), _negated=True),
                        ("bill__isnull", False),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("number__isnull", False),
                        models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeals_notice_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("served", "issued")), _negated=True),
                    models.Q(
                        ("how__in", ["site", "post", "counter"]),
                        ("served_on__isnull", False),
                        ("waits_until__gt", models.F("served_on")),
                    ),
                    _connector="OR",
                ),
                name="appeals_notice_served",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how", "post"), _negated=True), models.Q(("tracking", ""), _negated=True), _connector="OR"
                ),
                name="appeals_notice_tracked",
            ),
        ),
        LoadSql("appeals", "notices.sql"),
        LoadSql("appeals", "petition.sql"),
        LoadSql("appeals", "desk.sql"),
    ]
