from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0028_end_of_day_sql")]

    operations = [LoadSql("payments", "settle.sql"), LoadSql("payments", "deposits.sql")]
