from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_administrators_appoint")]

    operations = [LoadSql("accounts", "sign_in.sql")]
