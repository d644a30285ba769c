from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_questions")]

    operations = [LoadSql("billing", "find_bill.sql"), LoadSql("billing", "access.sql")]
