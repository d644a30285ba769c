from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_disputes_sql")]

    operations = [LoadSql("payments", "basket.sql")]
