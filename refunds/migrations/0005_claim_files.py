import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0004_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(choices=[("pdf", "PDF"), ("png", "PNG"), ("jpeg", "JPEG")], max_length=4)),
                ("content", models.BinaryField()),
                ("size", models.IntegerField()),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("waiting", "Being checked"),
                            ("clean", "Checked"),
                            ("picture", "Shown as a picture"),
                            ("kept", "Kept unopened: no scanner is set up, and it is no picture"),
                            ("infected", "Contains malicious software: nobody can open it"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("picture", models.BinaryField(null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="refunds.claim"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("id"), condition=models.Q(("scan", "waiting")), name="refunds_claimfile_to_scan"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scan__in", ["waiting", "clean", "picture", "kept", "infected"])),
                        name="refunds_claimfile_scan",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("pdf", "png", "jpeg"))), name="refunds_claimfile_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("picture__isnull", False), ("scan", "picture")),
                            models.Q(models.Q(("scan", "picture"), _negated=True), ("picture", None)),
                            _connector="OR",
                        ),
                        name="refunds_claimfile_picture",
                    ),
                ],
            },
        ),
        LoadSql("refunds", "claim_files.sql"),
    ]
