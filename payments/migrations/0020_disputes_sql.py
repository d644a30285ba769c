from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_disputes")]

    operations = [LoadSql("payments", "disputes.sql")]
