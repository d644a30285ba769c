from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_intended")]
    operations = [LoadSql("billing", "second_officer.sql")]
