from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0032_change_labels")]

    operations = [LoadSql("billing", "issue.sql")]
