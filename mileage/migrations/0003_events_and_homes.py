from django.db import migrations, models
from django.db.models import Q

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("mileage", "0002_sql")]

    operations = [
        migrations.AddField("draw", "event", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("draw", "event_on", models.DateField(null=True)),
        migrations.AddField("draw", "told", models.CharField(blank=True, default="", max_length=100)),
        migrations.AddConstraint(
            "draw",
            models.CheckConstraint(
                condition=Q(event="", event_on=None, told="", revealed_by=None)
                | ~Q(event="") & Q(event_on__isnull=False, told="", revealed_by=None)
                | ~Q(event="") & ~Q(told="") & Q(event_on__isnull=False, revealed_by__isnull=False),
                name="mileage_draw_event_then_outcome",
            ),
        ),
        LoadSql("mileage", "points.sql"),
        LoadSql("mileage", "uses.sql"),
        LoadSql("mileage", "batches.sql"),
        LoadSql("mileage", "draws.sql"),
        LoadSql("mileage", "access.sql"),
    ]
