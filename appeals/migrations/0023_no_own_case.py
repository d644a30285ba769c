from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("appeals", "0022_at_the_same_moment")]

    operations = [LoadSql("appeals", "panel.sql"), LoadSql("appeals", "sealing.sql")]
