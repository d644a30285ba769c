from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_identity_without_constraint")]

    operations = [LoadSql("accounts", "access.sql")]
