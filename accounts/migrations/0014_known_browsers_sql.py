from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_known_browsers")]

    operations = [
        LoadSql("accounts", "devices.sql"),
        LoadSql("accounts", "sign_in.sql"),
        LoadSql("accounts", "links.sql"),
        LoadSql("accounts", "access.sql"),
    ]
