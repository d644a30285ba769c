from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_questions_sql"), ("accounts", "0007_office_sql")]

    operations = [LoadSql("billing", "paper.sql")]
