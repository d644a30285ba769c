from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0021_service")]

    operations = [LoadSql("appeals", "petition.sql"), LoadSql("appeals", "votes.sql")]
