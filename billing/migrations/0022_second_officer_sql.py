from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0021_paper_without_lock")]

    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "extend.sql"),
        LoadSql("billing", "life_access.sql"),
        LoadSql("billing", "second_officer.sql"),
    ]
