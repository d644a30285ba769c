from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_bounded_sql")]

    operations = [LoadSql("accounts", "newcomers.sql")]
