from django.db import migrations

from core.migration import LoadSql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
        ("billing", "0002_sql"),
        ("receipts", "0002_sql"),
        ("mileage", "0002_sql"),
    ]
    operations = [
        LoadSql("payments", "attempts.sql"),
        LoadSql("payments", "inbox.sql"),
        LoadSql("payments", "settle.sql"),
        # Before the files that give the public face further columns: it begins by taking all of them away.
        LoadSql("payments", "access.sql"),
        LoadSql("payments", "office.sql"),
        LoadSql("payments", "settle_exactly.sql"),
        LoadSql("payments", "basket.sql"),
        LoadSql("payments", "direct.sql"),
        LoadSql("payments", "routing.sql"),
        LoadSql("payments", "reverse.sql"),
        LoadSql("payments", "pool.sql"),
        LoadSql("payments", "secrets.sql"),
        LoadSql("payments", "links.sql"),
        LoadSql("payments", "calls.sql"),
        LoadSql("payments", "keypad.sql"),
        LoadSql("payments", "cancellations.sql"),
        LoadSql("payments", "given_back.sql"),
        LoadSql("payments", "disputes.sql"),
        LoadSql("payments", "atm.sql"),
        LoadSql("payments", "bank_files.sql"),
        LoadSql("payments", "deposits.sql"),
        LoadSql("payments", "deposits_post.sql"),
        LoadSql("payments", "suspense.sql"),
        LoadSql("payments", "reconcile.sql"),
        LoadSql("payments", "counter.sql"),
        LoadSql("payments", "transfers.sql"),
        LoadSql("payments", "mandates.sql"),
        LoadSql("payments", "debits.sql"),
    ]
