from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0025_reissued")]

    operations = [LoadSql("billing", "issue.sql")]
