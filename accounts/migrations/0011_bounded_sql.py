from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_visitors_lately"), ("core", "0009_turns")]

    operations = [LoadSql("accounts", "session.sql"), LoadSql("accounts", "access.sql")]
