from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0022_second_officer_sql")]

    operations = [LoadSql("billing", "cancel_roll.sql")]
