from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("core", "0002_sql"),
        ("accounts", "0002_sql"),
        ("ledger", "0002_sql"),
    ]
    operations = [
        LoadSql("billing", "owed.sql"),
        LoadSql("billing", "apply_payment.sql"),
        LoadSql("billing", "apply_payments.sql"),
        LoadSql("billing", "numbers.sql"),
        LoadSql("billing", "issue.sql"),
        LoadSql("billing", "extend.sql"),
        LoadSql("billing", "moved_back.sql"),
        LoadSql("billing", "take_back.sql"),
        LoadSql("billing", "post_change.sql"),
        LoadSql("billing", "cancel_roll.sql"),
        LoadSql("billing", "collected.sql"),
        LoadSql("billing", "find_bill.sql"),
        LoadSql("billing", "callers.sql"),
        LoadSql("billing", "paper.sql"),
        LoadSql("billing", "dealings.sql"),
        LoadSql("billing", "access.sql"),
        LoadSql("billing", "rolls.sql"),
        LoadSql("billing", "life_access.sql"),
        LoadSql("billing", "second_officer.sql"),
        LoadSql("billing", "threshold.sql"),
        LoadSql("billing", "references.sql"),
    ]
