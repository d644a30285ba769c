from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_joint_records")]

    operations = [LoadSql("accounts", "joint.sql")]
