from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0002_sql")]

    operations = [LoadSql("accounts", "session.sql"), LoadSql("accounts", "access.sql")]
