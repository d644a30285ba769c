import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_what_officers_tell"),
        ("appeals", "0020_naming_only_by_rule"),
        ("billing", "0007_rows_of_a_roll"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[("post", "By registered mail"), ("public", "By public notice")], max_length=8
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "On its way"),
                            ("delivered", "Delivered"),
                            ("returned", "Came back"),
                            ("refused", "Not taken"),
                            ("published", "Published, its days run"),
                            ("over", "Served by public notice"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tracking", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("sent_on", models.DateField()),
                ("served_on", models.DateField(null=True)),
                ("told_on", models.DateField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Opened",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_how",
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_event",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="appeals_notice_served",
        ),
        migrations.RemoveConstraint(
            model_name="reexamination",
            name="appeals_reexamination_served",
        ),
        migrations.RemoveConstraint(
            model_name="ruling",
            name="appeals_ruling_served",
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
                    ("corrected", "The levying office changed the bill by itself, by so many won"),
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
                    ("posted", "A registered letter was sent"),
                    ("undelivered", "A registered letter was not delivered"),
                    ("public_notice", "The ruling is served by public notice"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("site", "On this site"),
                    ("post", "By registered mail"),
                    ("counter", "Handed over at the counter"),
                    ("public", "By public notice"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("site", "On this site"),
                    ("post", "By registered mail"),
                    ("counter", "Handed over at the counter"),
                    ("public", "By public notice"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="reexamination",
            name="how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("site", "On this site"),
                    ("post", "By registered mail"),
                    ("counter", "Handed over at the counter"),
                    ("public", "By public notice"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("site", "On this site"),
                    ("post", "By registered mail"),
                    ("counter", "Handed over at the counter"),
                    ("public", "By public notice"),
                ],
                default="",
                max_length=8,
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
                            "corrected",
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
                            "posted",
                            "undelivered",
                            "public_notice",
                        ],
                    )
                ),
                name="appeals_entry_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ("", "site", "post", "counter", "public"))), name="appeals_entry_how"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("served", "issued")), _negated=True),
                    models.Q(
                        ("how__in", ["site", "post", "counter", "public"]),
                        ("served_on__isnull", False),
                        ("waits_until__gt", models.F("served_on")),
                    ),
                    _connector="OR",
                ),
                name="appeals_notice_served",
            ),
        ),
        migrations.AddConstraint(
            model_name="reexamination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("how__in", ["site", "post", "counter", "public"]),
                        ("served_on__isnull", False),
                        ("status", "served"),
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
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("how__in", ["site", "post", "counter", "public"]),
                        ("served_on__isnull", False),
                        ("status", "served"),
                    ),
                    models.Q(
                        models.Q(("status", "served"), _negated=True),
                        ("change", None),
                        ("how", ""),
                        ("served_on", None),
                    ),
                    _connector="OR",
                ),
                name="appeals_ruling_served",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="appeals.case"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.entry"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="sent_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="told_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="opened",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="opened", to="appeals.entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ("sent", "delivered", "returned", "refused")),
                        ("way", "post"),
                        models.Q(("tracking", ""), _negated=True),
                    ),
                    models.Q(
                        ("status__in", ("published", "over")),
                        ("tracking", ""),
                        ("way", "public"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appeals_delivery_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("served_on__gte", models.F("sent_on")), ("status__in", ("delivered", "over"))),
                    models.Q(models.Q(("status__in", ("delivered", "over")), _negated=True), ("served_on", None)),
                    _connector="OR",
                ),
                name="appeals_delivery_proven",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                models.F("tracking"),
                condition=models.Q(("tracking", ""), _negated=True),
                name="appeals_delivery_tracked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                models.F("case"), condition=models.Q(("status", "published")), name="appeals_delivery_one_notice"
            ),
        ),
        LoadSql("appeals", "delivery.sql"),
        LoadSql("appeals", "desk.sql"),
    ]
