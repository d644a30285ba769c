-- Many entries of one act, by one statement a table: the bills of a roll. The entries of a batch are proved together.
ALTER TABLE ledger_batch ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;

-- At commit: every entry of the batch has postings. Two ranges of an index are set against each other: looking each entry
-- up takes four times as long.
CREATE OR REPLACE FUNCTION ledger_check_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    bad bigint;
BEGIN
    SELECT e.id INTO bad FROM ledger_journalentry e
    WHERE e.id BETWEEN NEW.first_entry AND NEW.last_entry AND e.batch_id = NEW.id
    EXCEPT SELECT p.entry_id FROM ledger_posting p WHERE p.entry_id BETWEEN NEW.first_entry AND NEW.last_entry LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % has no postings', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_has_postings';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS check_batch ON ledger_batch;
CREATE CONSTRAINT TRIGGER check_batch AFTER INSERT OR UPDATE ON ledger_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_batch();
SELECT core_kept('ledger_batch', 'id'), core_fixed('ledger_batch', 'written_in'), core_secure('ledger_batch');

-- One entry for each of `entry_references`, all on `body`. Part n belongs to entry `places[n]`; it debits the purpose
-- `debit` and credits `credit` of `taxes[n]` by `amounts[n]`. The batch's reference is taken once.
CREATE OR REPLACE FUNCTION ledger_post_batch(
    kind text, batch_reference text, business_date date, occurred_at timestamptz, body text, debit text, credit text,
    entry_references text[], places integer[], taxes text[], amounts bigint[]
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    batch bigint;
    entries bigint[] := core_next_ids('ledger_journalentry', cardinality(entry_references));
BEGIN
    INSERT INTO ledger_batch (kind, reference) VALUES (kind, batch_reference) RETURNING id INTO batch;
    INSERT INTO ledger_journalentry (id, kind, reference, business_date, occurred_at, batch_id)
    SELECT e.id, kind, e.label, business_date, occurred_at, batch FROM unnest(entries, entry_references) AS e(id, label);
    INSERT INTO ledger_posting (entry_id, account_id, amount)
    SELECT entries[p.place], CASE s.sign WHEN 1 THEN a.debited ELSE a.credited END, s.sign * p.amount
    FROM unnest(places, taxes, amounts) AS p(place, tax, amount)
    JOIN (
        SELECT t.tax, ledger_account(body, t.tax, debit) AS debited, ledger_account(body, t.tax, credit) AS credited
        FROM (SELECT DISTINCT x AS tax FROM unnest(taxes) AS x) AS t OFFSET 0
    ) AS a ON a.tax = p.tax
    CROSS JOIN (VALUES (1), (-1)) AS s(sign);
END $$;

SELECT core_open('ledger_batch', 'etax_worker', 'SELECT');
GRANT INSERT (kind, reference) ON ledger_batch TO etax_worker;
GRANT USAGE ON SEQUENCE ledger_journalentry_id_seq TO etax_worker;
GRANT EXECUTE ON FUNCTION ledger_post_batch(
    text, text, date, timestamptz, text, text, text, text[], integer[], text[], bigint[]
) TO etax_worker;
