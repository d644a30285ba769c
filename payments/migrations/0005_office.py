from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_what_an_attempt_may_claim"), ("billing", "0008_dealings")]

    operations = [LoadSql("payments", "office.sql")]
