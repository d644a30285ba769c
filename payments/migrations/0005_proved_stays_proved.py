from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_points_back")]

    operations = [LoadSql("payments", "inbox.sql"), LoadSql("payments", "pool.sql")]
