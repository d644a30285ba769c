from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_taxpayerbody"), ("core", "0007_windows_sql")]

    operations = [
        LoadSql("accounts", "session.sql"),
        LoadSql("accounts", "roles.sql"),
        LoadSql("accounts", "access.sql"),
        LoadSql("accounts", "office.sql"),
        LoadSql("accounts", "trail.sql"),
    ]
