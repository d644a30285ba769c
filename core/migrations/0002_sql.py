from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [LoadSql("core", "foundation.sql"), LoadSql("core", "log.sql"), LoadSql("core", "access.sql")]
