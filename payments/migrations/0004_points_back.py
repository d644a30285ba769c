from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_attacked_sql"),
        ("mileage", "0003_events_and_homes"),
        ("billing", "0003_share_undone"),
    ]

    operations = [
        LoadSql("payments", "reverse.sql"),
        LoadSql("payments", "points_back.sql"),
        LoadSql("payments", "attempts.sql"),
    ]
