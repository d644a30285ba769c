import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("receipts", "0004_sealed"),
        ("accounts", "0003_what_officers_tell"),
        ("appeals", "0013_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "keeper",
                    models.CharField(
                        choices=[("petitioner", "Petitioner"), ("office", "Levying office"), ("court", "The court")],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("stands", "Sealed"),
                            ("refused", "Not sealed"),
                            ("lifted", "Unsealed again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=1000)),
                ("asked_at", models.DateTimeField()),
                ("ground", models.CharField(blank=True, default="", max_length=20)),
                ("article", models.CharField(blank=True, default="", max_length=100)),
                ("because", models.CharField(blank=True, default="", max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.CharField(blank=True, default="", max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="SealReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_event",
        ),
        migrations.AddField(
            model_name="case",
            name="sealed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="publication",
            name="withheld",
            field=models.BooleanField(db_default=False, default=False),
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
                    ("seal_asked", "A side asked for something to be sealed"),
                    ("sealed", "The court sealed something"),
                    ("seal_refused", "The court did not seal it"),
                    ("unsealed", "The court opened a seal again"),
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
                        ],
                    )
                ),
                name="appeals_entry_event",
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seals", to="appeals.case"
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.evidence"
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="seal",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.entry"
            ),
        ),
        migrations.AddField(
            model_name="sealreader",
            name="named_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sealreader",
            name="officer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.officer"
            ),
        ),
        migrations.AddField(
            model_name="sealreader",
            name="seal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="readers", to="appeals.seal"
            ),
        ),
        migrations.AddIndex(
            model_name="seal",
            index=models.Index(models.F("case"), condition=models.Q(("status", "stands")), name="appeals_seal_stands"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "stands", "refused", "lifted"])), name="appeals_seal_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("keeper__in", ["petitioner", "office", "court"])), name="appeals_seal_keeper"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("file", None), ("line", None), _connector="OR"), name="appeals_seal_one_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("article", ""), ("decided_at", None), ("decided_by", None), ("ground", ""), ("status", "asked")
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("status", "refused"),
                        models.Q(("because", ""), _negated=True),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("status__in", ("stands", "lifted")),
                        models.Q(
                            models.Q(("ground", ""), ("article", ""), ("because", ""), _connector="OR"), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="appeals_seal_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        ("status", "lifted"),
                        models.Q(("lifted_because", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "lifted"), _negated=True),
                        ("lifted_at", None),
                        ("lifted_because", ""),
                        ("lifted_by", None),
                    ),
                    _connector="OR",
                ),
                name="appeals_seal_lifted",
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(
                models.F("case"),
                condition=models.Q(("file", None), ("line", None), ("status__in", ("asked", "stands"))),
                name="appeals_seal_one_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(
                models.F("file"), condition=models.Q(("status__in", ("asked", "stands"))), name="appeals_seal_one_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(
                models.F("line"), condition=models.Q(("status__in", ("asked", "stands"))), name="appeals_seal_one_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="sealreader",
            constraint=models.UniqueConstraint(models.F("seal"), models.F("officer"), name="appeals_sealreader_once"),
        ),
        LoadSql("appeals", "desk.sql"),
        LoadSql("appeals", "reexamination.sql"),
        LoadSql("appeals", "petition.sql"),
        LoadSql("appeals", "counsel.sql"),
        LoadSql("appeals", "hearings.sql"),
        LoadSql("appeals", "calendar.sql"),
        LoadSql("appeals", "seats.sql"),
        LoadSql("appeals", "publication.sql"),
        LoadSql("appeals", "sealing.sql"),
    ]
