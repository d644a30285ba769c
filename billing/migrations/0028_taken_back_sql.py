from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0027_taken_back")]

    operations = [
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "take_back.sql"),
    ]
