from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0019_cancel_roll")]

    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "extend.sql"),
        LoadSql("billing", "life_access.sql"),
        LoadSql("billing", "second_officer.sql"),
    ]
