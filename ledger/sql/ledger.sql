-- The books refuse what does not balance, and never change.

-- Each entry gets all its postings by one statement, which must sum to zero; nothing is added later, and every posting
-- is on an account of the chart. One look for all postings of a statement. Joins go through the indexes however large the
-- statement that was planned first: the plan is kept.
CREATE OR REPLACE FUNCTION ledger_check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    bad record;
BEGIN
    SELECT s.entry_id, s.difference, e.written_in INTO bad
    FROM (
        SELECT a.entry_id, sum(a.amount) AS difference, count(*) AS postings FROM added a GROUP BY a.entry_id
    ) AS s
    LEFT JOIN ledger_journalentry e ON e.id = s.entry_id
    WHERE s.difference <> 0 OR e.written_in IS DISTINCT FROM pg_current_xact_id()::text::bigint
       OR s.postings <> (SELECT count(*) FROM ledger_posting p WHERE p.entry_id = s.entry_id)
    LIMIT 1;
    IF FOUND THEN
        IF bad.difference <> 0 THEN
            RAISE EXCEPTION 'journal entry % is out of balance by %', bad.entry_id, bad.difference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
        ELSIF bad.written_in IS NULL THEN
            RAISE EXCEPTION 'a posting names journal entry %, which is not there', bad.entry_id
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_posting_of_entry';
        END IF;
        RAISE EXCEPTION 'journal entry % is closed', bad.entry_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entry_closed';
    END IF;
    SELECT a.account_id INTO bad FROM (SELECT DISTINCT account_id FROM added) AS a
    WHERE NOT EXISTS (SELECT FROM ledger_ledgeraccount l WHERE l.id = a.account_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a posting names account %, which is not there', bad.account_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_posting_on_account';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS check_postings ON ledger_posting;
CREATE TRIGGER check_postings AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();

-- An entry comes with its postings in one statement, or belongs to a batch of its own transaction, which is proved at
-- commit. A batch that is added to is proved again.
CREATE OR REPLACE FUNCTION ledger_check_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    bad bigint;
    batches bigint;
    opened bigint;
BEGIN
    SELECT a.id INTO bad FROM added a
    WHERE a.batch_id IS NULL AND NOT EXISTS (SELECT FROM ledger_posting p WHERE p.entry_id = a.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % has no postings', bad
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_has_postings';
    END IF;
    SELECT count(DISTINCT a.batch_id) INTO batches FROM added a WHERE a.batch_id IS NOT NULL;
    IF batches > 0 THEN
        UPDATE ledger_batch b
        SET entries = b.entries + n.entries,
            first_entry = least(b.first_entry, n.first_entry), last_entry = greatest(b.last_entry, n.last_entry)
        FROM (
            SELECT a.batch_id, count(*) AS entries, min(a.id) AS first_entry, max(a.id) AS last_entry
            FROM added a WHERE a.batch_id IS NOT NULL GROUP BY a.batch_id
        ) AS n
        WHERE b.id = n.batch_id AND b.written_in = pg_current_xact_id()::text::bigint;
        GET DIAGNOSTICS opened = ROW_COUNT;
        IF opened <> batches THEN
            RAISE EXCEPTION 'a journal entry names a batch that is not open'
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_entry_of_batch';
        END IF;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS check_entries ON ledger_journalentry;
CREATE TRIGGER check_entries AFTER INSERT ON ledger_journalentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entries();

SELECT core_append_only('ledger_journalentry'), core_append_only('ledger_posting'), core_append_only('ledger_ledgeraccount');

-- The account for a body, tax and purpose; opened at its first use. An officer opens none in another body's books.
CREATE OR REPLACE FUNCTION ledger_account(body text, tax text, purpose text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found_id bigint;
BEGIN
    SELECT a.id INTO found_id FROM ledger_ledgeraccount a
    WHERE a.body_id = ledger_account.body AND a.tax = ledger_account.tax AND a.purpose = ledger_account.purpose;
    IF session_user = 'etax_office' AND NOT ledger_account.body = ANY (accounts_session_bodies()) THEN
        RAISE EXCEPTION 'these books are not the signed-in officer''s' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF found_id IS NULL THEN
        INSERT INTO ledger_ledgeraccount (body_id, tax, purpose)
        VALUES (ledger_account.body, ledger_account.tax, ledger_account.purpose)
        ON CONFLICT DO NOTHING;
        SELECT a.id INTO STRICT found_id FROM ledger_ledgeraccount a
        WHERE a.body_id = ledger_account.body AND a.tax = ledger_account.tax AND a.purpose = ledger_account.purpose;
    END IF;
    RETURN found_id;
END $$;

-- Post one balanced entry; `postings` is [{"body", "tax", "purpose", "amount"}, …], debit positive, credit negative.
-- Runs as its caller: a role that may not write the books can't call its way in.
CREATE OR REPLACE FUNCTION ledger_post_entry(
    kind text, reference text, business_date date, occurred_at timestamptz, postings jsonb
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    WITH entry AS (
        INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at)
        VALUES (kind, reference, business_date, occurred_at) RETURNING id
    ), posted AS (
        INSERT INTO ledger_posting (entry_id, account_id, amount)
        SELECT e.id, coalesce(a.id, ledger_account(p.body, p.tax, p.purpose)), p.amount
        FROM entry e
        CROSS JOIN jsonb_to_recordset(postings) AS p(body text, tax text, purpose text, amount bigint)
        LEFT JOIN ledger_ledgeraccount a ON a.body_id = p.body AND a.tax = p.tax AND a.purpose = p.purpose
    ) SELECT e.id INTO new_id FROM entry e;
    RETURN new_id;
END $$;
