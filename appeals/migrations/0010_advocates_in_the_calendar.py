from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0009_quorum_of_hearings")]

    operations = [LoadSql("appeals", "hearings.sql")]
