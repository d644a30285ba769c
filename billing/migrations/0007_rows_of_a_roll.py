from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_filed")]
    operations = [LoadSql("billing", "second_officer.sql")]
