from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial"), ("billing", "0002_sql")]

    operations = [
        LoadSql("appeals", "access.sql"),
        LoadSql("appeals", "petition.sql"),
        LoadSql("appeals", "desk.sql"),
    ]
