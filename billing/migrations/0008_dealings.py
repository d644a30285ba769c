from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_late_by_item_sql"), ("accounts", "0007_office_sql")]

    operations = [LoadSql("billing", "dealings.sql")]
