import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import CreateTables, LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sql"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("appeals", "0006_sittings"),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Advocate",
                    fields=[
                        (
                            "officer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="accounts.officer",
                            ),
                        ),
                        ("in_pool", models.BooleanField(default=True)),
                        ("knows", models.JSONField(blank=True, default=dict)),
                        ("districts", models.JSONField(blank=True, default=list)),
                        ("team", models.CharField(blank=True, default="", max_length=20)),
                        ("most", models.SmallIntegerField()),
                        ("phone", models.CharField(blank=True, default="", max_length=40)),
                        ("room", models.CharField(blank=True, default="", max_length=100)),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("most__range", (0, 100))), name="appeals_advocate_most"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdvocateAbsence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="absences",
                                to="appeals.advocate",
                            ),
                        ),
                        ("begins", models.DateField()),
                        ("ends", models.DateField()),
                        ("called_off_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("begins"))),
                                name="appeals_advocateabsence_days",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conflict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conflicts",
                                to="appeals.advocate",
                            ),
                        ),
                        (
                            "taxpayer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.taxpayer"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.case"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("advocate"), models.F("taxpayer"), name="appeals_conflict_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="appeals_conflict_says_why"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Declaration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="declarations",
                                to="appeals.advocate",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    (
                                        "profile",
                                        "What they know, which districts they are not given, how many cases they can have",
                                    ),
                                    ("reach", "How they can be reached"),
                                    ("absence", "An absence"),
                                    ("called_off", "An absence was called off"),
                                    ("conflict", "A conflict with a petitioner"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("facts", models.JSONField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["at"], name="appeals_declared_at")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("what__in", ["profile", "reach", "absence", "called_off", "conflict"])
                                ),
                                name="appeals_declaration_what",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DrawCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "draw",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="appeals.draw"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="appeals.case"
                            ),
                        ),
                        ("mark", models.CharField(max_length=20)),
                        (
                            "found",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("given", "Somebody was drawn"),
                                    ("nobody", "Nobody is free"),
                                    ("void", "Void: the case, or who was drawn, changed meanwhile"),
                                ],
                                default="",
                                max_length=6,
                            ),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("draw"), models.F("case"), name="appeals_drawcase_once"),
                            models.UniqueConstraint(
                                models.F("case"), condition=models.Q(("done_at", None)), name="appeals_drawcase_open"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at", None), ("found", "")),
                                    models.Q(("done_at__isnull", False), ("found__in", ["given", "nobody", "void"])),
                                    _connector="OR",
                                ),
                                name="appeals_drawcase_found",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Advocacy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="advocacies",
                                to="appeals.case",
                            ),
                        ),
                        (
                            "advocate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="advocacies",
                                to="appeals.advocate",
                            ),
                        ),
                        (
                            "draw",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.draw"
                            ),
                        ),
                        ("began_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_why",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("another", "The petitioner asked for another"),
                                    ("conflict", "They declared a conflict"),
                                    ("pool", "They left the pool"),
                                    ("absent", "They are absent for long"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("told_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("case"), condition=models.Q(("ended_at", None)), name="appeals_advocacy_one"
                            ),
                            models.UniqueConstraint(
                                models.F("case"), models.F("draw"), name="appeals_advocacy_of_draw"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_why", "")),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("ended_why__in", ["another", "conflict", "pool", "absent"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="appeals_advocacy_ended",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnotherAsked",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="another_asked",
                                serialize=False,
                                to="appeals.case",
                            ),
                        ),
                        (
                            "advocacy",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.advocacy"
                            ),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=1000)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="AdvocateBrief",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocacy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="briefs",
                                to="appeals.advocacy",
                            ),
                        ),
                        ("text", models.TextField(max_length=30000)),
                        ("saved_at", models.DateTimeField()),
                        ("filed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("advocacy"),
                                condition=models.Q(("filed_at", None)),
                                name="appeals_brief_one_draft",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdvocateNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocacy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="appeals.advocacy"
                            ),
                        ),
                        ("text", models.TextField(max_length=5000)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Talk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocacy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="appeals.advocacy"
                            ),
                        ),
                        (
                            "partner",
                            models.CharField(
                                choices=[("petitioner", "Petitioner"), ("office", "Levying office")], max_length=10
                            ),
                        ),
                        (
                            "by_side",
                            models.CharField(
                                choices=[
                                    ("petitioner", "Petitioner"),
                                    ("office", "Levying office"),
                                    ("clerk", "Clerk"),
                                    ("chair", "Chair"),
                                    ("member", "Committee"),
                                    ("advocate", "Special tax advocate"),
                                    ("system", "ETAX"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(max_length=5000)),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "answers",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="appeals.talk",
                            ),
                        ),
                        ("told_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                models.F("id"), condition=models.Q(("told_at", None)), name="appeals_talk_to_tell"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answers", None),
                                        ("by_side__in", ("advocate", "petitioner")),
                                        ("partner", "petitioner"),
                                    ),
                                    models.Q(("answers", None), ("by_side", "advocate"), ("partner", "office")),
                                    models.Q(("answers__isnull", False), ("by_side", "office"), ("partner", "office")),
                                    _connector="OR",
                                ),
                                name="appeals_talk_sides",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="appeals_talk_says"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TimeSpent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "advocacy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="appeals.advocacy"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("minutes", models.SmallIntegerField()),
                        (
                            "work",
                            models.CharField(
                                choices=[
                                    ("reading", "Reading the files"),
                                    ("talk", "Talking with the petitioner"),
                                    ("brief", "Writing"),
                                    ("hearing", "Hearing"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minutes__range", (-1440, 1440)),
                                    models.Q(("minutes", 0), _negated=True),
                                    ("work__in", ["reading", "talk", "brief", "hearing", "other"]),
                                ),
                                name="appeals_time_minutes",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CounselRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counsel_requests",
                                to="appeals.case",
                            ),
                        ),
                        (
                            "person",
                            models.CharField(
                                choices=[("individual", "A person"), ("corporate", "A company")], max_length=10
                            ),
                        ),
                        ("yearly", models.BigIntegerField()),
                        ("owned", models.BigIntegerField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "Requested"),
                                    ("given", "Appointed"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="asked",
                                max_length=9,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("because", models.CharField(blank=True, default="", max_length=1000)),
                        ("name", models.CharField(blank=True, default="", max_length=100)),
                        ("contact", models.CharField(blank=True, default="", max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("owned__gte", 0), ("person__in", ["individual", "corporate"]), ("yearly__gte", 0)
                                ),
                                name="appeals_counsel_means",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("because", ""),
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("name", ""),
                                        ("status", "asked"),
                                    ),
                                    models.Q(("name", ""), ("status", "withdrawn")),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("status", "given"),
                                        models.Q(("name", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("name", ""),
                                        ("status", "refused"),
                                        models.Q(("because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="appeals_counsel_decided",
                            ),
                            models.UniqueConstraint(
                                models.F("case"),
                                condition=models.Q(("status__in", ("asked", "given"))),
                                name="appeals_counsel_one",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="entry",
            name="appeals_entry_side",
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
        migrations.AlterField(
            model_name="entry",
            name="side",
            field=models.CharField(
                choices=[
                    ("petitioner", "Petitioner"),
                    ("office", "Levying office"),
                    ("clerk", "Clerk"),
                    ("chair", "Chair"),
                    ("member", "Committee"),
                    ("advocate", "Special tax advocate"),
                    ("system", "ETAX"),
                ],
                max_length=10,
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
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side__in", ["petitioner", "office", "clerk", "chair", "member", "advocate", "system"])
                ),
                name="appeals_entry_side",
            ),
        ),
        LoadSql("appeals", "advocates.sql"),
        LoadSql("appeals", "papers.sql"),
        LoadSql("appeals", "counsel.sql"),
    ]
