from django.conf import settings
from django.db import migrations

from core.migration import LoadSql

# The city's days begin where its clocks say so.
TIME_ZONE = f"""
CREATE OR REPLACE FUNCTION accounts_time_zone() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '{settings.TIME_ZONE}' $$
"""

# A secret of this database, for answers about e-mail addresses that nobody has. No login reads it.
PEPPER = """
CREATE TABLE IF NOT EXISTS accounts_pepper (value text NOT NULL);
INSERT INTO accounts_pepper SELECT gen_random_uuid()::text || gen_random_uuid()::text
WHERE NOT EXISTS (SELECT FROM accounts_pepper);
SELECT core_secure('accounts_pepper');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0002_sql"),
        ("axes", "0010_accessattemptexpiration"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [
        migrations.RunSQL(TIME_ZONE, migrations.RunSQL.noop),
        migrations.RunSQL(PEPPER, migrations.RunSQL.noop),
        LoadSql("accounts", "session.sql"),
        LoadSql("accounts", "sign_in.sql"),
        LoadSql("accounts", "second_factor.sql"),
        LoadSql("accounts", "roles.sql"),
        LoadSql("accounts", "links.sql"),
        LoadSql("accounts", "proofs.sql"),
        LoadSql("accounts", "devices.sql"),
        LoadSql("accounts", "access.sql"),
        LoadSql("accounts", "office.sql"),
        LoadSql("accounts", "trail.sql"),
        LoadSql("accounts", "joint.sql"),
        LoadSql("accounts", "newcomers.sql"),
        LoadSql("accounts", "references.sql"),
    ]
