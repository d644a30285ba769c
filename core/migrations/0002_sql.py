from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]
    operations = [
        LoadSql("core", "foundation.sql"),
        LoadSql("core", "log.sql"),
        LoadSql("core", "windows.sql"),
        LoadSql("core", "references.sql"),
        LoadSql("core", "payload.sql"),
        LoadSql("core", "many.sql"),
        LoadSql("core", "after_restore.sql"),
        LoadSql("core", "access.sql"),
    ]
