-- What has to be there after the roll %(roll)s was issued, however often the issue was killed: name, found, expected.
WITH staged AS MATERIALIZED (SELECT * FROM billing_rollrow WHERE roll_id = %(roll)s AND collected),
made AS MATERIALIZED (SELECT b.* FROM billing_bill b WHERE b.roll_ref IN (SELECT roll_ref FROM staged)),
rows_staged AS (SELECT count(*) AS many, sum(jsonb_array_length(lines)) AS lines, sum(amount) AS amount FROM staged),
entries AS MATERIALIZED (
    SELECT e.id FROM ledger_journalentry e JOIN made ON e.reference = 'bill:' || made.id WHERE e.kind = 'levy'
)
SELECT 'bills', (SELECT count(*) FROM made), many FROM rows_staged
UNION ALL SELECT 'rows with a bill', (SELECT count(DISTINCT roll_ref) FROM made), many FROM rows_staged
UNION ALL SELECT 'won', (SELECT sum(amount) FROM made), amount FROM rows_staged
UNION ALL SELECT 'lines', (SELECT count(*) FROM billing_billline l JOIN made ON made.id = l.bill_id), lines FROM rows_staged
UNION ALL SELECT 'tax numbers', (SELECT count(DISTINCT tax_number) FROM made), many FROM rows_staged
UNION ALL SELECT 'payment numbers', (SELECT count(DISTINCT epay_number) FROM made), many FROM rows_staged
UNION ALL SELECT 'opening entries', (SELECT count(*) FROM entries), many FROM rows_staged
UNION ALL SELECT 'postings',
    (SELECT count(*) FROM ledger_posting p JOIN entries ON entries.id = p.entry_id), 2 * lines FROM rows_staged
UNION ALL SELECT 'events', (
    SELECT count(*) FROM core_event v JOIN made ON made.id = (v.payload -> 'bill_ids' ->> 0)::bigint
    WHERE v.topic = 'billing.bill_issued.v1'), many FROM rows_staged
UNION ALL SELECT 'closed rolls', (SELECT count(*) FROM billing_levyroll WHERE id = %(roll)s AND status = 'issued'), 1
UNION ALL SELECT 'bills counted by district', (SELECT sum(bills) FROM billing_rollpart WHERE roll_id = %(roll)s), many
    FROM rows_staged;
