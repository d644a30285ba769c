-- Balances: totals per account and day (rollup), plus the postings that are younger than the last roll-up (tail).
-- No payment updates a balance; a job adds up behind the writes, in the order of finished transactions.
ALTER TABLE ledger_journalentry ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint; -- a bigint, since xid8 has no block range index
-- Appended in about this order, so a few block ranges hold the tail; it costs a payment nearly nothing.
CREATE INDEX IF NOT EXISTS ledger_entry_written_in ON ledger_journalentry USING brin (written_in)
    WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE IF NOT EXISTS ledger_rollupmark (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    up_to bigint NOT NULL
);
INSERT INTO ledger_rollupmark (up_to) VALUES (0) ON CONFLICT DO NOTHING;

-- Add to the totals what is finished since the last time; returns the number of accounts and days it touched.
CREATE OR REPLACE FUNCTION ledger_roll_up() RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    begin_at bigint;
    horizon bigint;
    touched bigint;
BEGIN
    SELECT up_to INTO STRICT begin_at FROM ledger_rollupmark FOR UPDATE;
    horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    INSERT INTO ledger_dailytotal AS t (account_id, business_date, debit, credit)
    SELECT p.account_id, e.business_date, sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0))
    FROM ledger_journalentry e JOIN ledger_posting p ON p.entry_id = e.id
    WHERE e.written_in >= begin_at AND e.written_in < horizon
    GROUP BY p.account_id, e.business_date
    ORDER BY p.account_id, e.business_date
    ON CONFLICT (account_id, business_date)
        DO UPDATE SET debit = t.debit + excluded.debit, credit = t.credit + excluded.credit;
    GET DIAGNOSTICS touched = ROW_COUNT;
    UPDATE ledger_rollupmark SET up_to = greatest(horizon, begin_at);
    RETURN touched;
END $$;

-- Block ranges that bulk work has filled are found by the tail only once they are summarised; the server does so when it
-- comes to it, or forgets. What was just added up is never looked at again after this.
CREATE OR REPLACE FUNCTION ledger_summarise() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT brin_summarize_new_values('ledger_entry_written_in');
$$;
REVOKE ALL ON FUNCTION ledger_summarise() FROM PUBLIC;

-- Debits and credits of each account up to and including a day (null: everything posted), both positive. Planned anew each
-- time with the mark in hand: a plan that doesn't know it expects a third of all entries behind it, and reads them all.
CREATE OR REPLACE FUNCTION ledger_totals(on_date date)
RETURNS TABLE (body text, tax text, purpose text, debit numeric, credit numeric)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    mark bigint := (SELECT m.up_to FROM ledger_rollupmark m);
    first_entry bigint;
    last_entry bigint;
BEGIN -- entries of the tail lie close together: one walk along their postings instead of a look-up for each
    -- (OFFSET 0: else the least number is looked for from the first entry of all)
    SELECT min(e.id), max(e.id) INTO first_entry, last_entry
    FROM (SELECT id FROM ledger_journalentry WHERE written_in >= mark OFFSET 0) AS e;
    RETURN QUERY -- summed by account first: a hundred sums are named and sorted, not every posting
    SELECT a.body_id::text, a.tax::text, a.purpose::text, coalesce(sum(t.debit), 0), coalesce(sum(t.credit), 0)
    FROM (
        SELECT d.account_id, sum(d.debit) AS debit, sum(d.credit) AS credit FROM ledger_dailytotal d
        WHERE on_date IS NULL OR d.business_date <= on_date
        GROUP BY d.account_id
        UNION ALL
        SELECT p.account_id, sum(p.amount) FILTER (WHERE p.amount > 0), -sum(p.amount) FILTER (WHERE p.amount < 0)
        FROM ledger_posting p
        WHERE p.entry_id BETWEEN first_entry AND last_entry AND p.entry_id IN (
            SELECT e.id FROM ledger_journalentry e
            WHERE e.written_in >= mark AND (on_date IS NULL OR e.business_date <= on_date) OFFSET 0)
        GROUP BY p.account_id
    ) AS t
    JOIN ledger_ledgeraccount a ON a.id = t.account_id
    GROUP BY a.body_id, a.tax, a.purpose
    ORDER BY a.body_id, a.tax, a.purpose;
END $$;

SELECT core_secure(name) FROM unnest(ARRAY['ledger_dailytotal', 'ledger_rollupmark']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['ledger_dailytotal', 'ledger_rollupmark']) AS name;
GRANT SELECT ON ledger_dailytotal, ledger_rollupmark TO etax_office; -- whose rows: office.sql
GRANT EXECUTE ON FUNCTION ledger_roll_up(), ledger_summarise() TO etax_worker;
GRANT EXECUTE ON FUNCTION ledger_totals(date) TO etax_office, etax_worker;
