from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_roll_jobs")]

    operations = [LoadSql("billing", "extend.sql"), LoadSql("billing", "issue.sql")]
