-- Bills and lines name their parents by statement, not by the row (core/sql/references.sql).
SELECT core_reference('billing_bill', 'taxpayer_id', 'accounts_taxpayer', 'id'),
       core_reference('billing_bill', 'body_id', 'accounts_levyingbody', 'code'),
       core_reference('billing_bill', 'tax_id', 'billing_taxtype', 'code'),
       core_reference('billing_billline', 'bill_id', 'billing_bill', 'id'),
       core_reference('billing_billline', 'tax_id', 'billing_taxtype', 'code');
