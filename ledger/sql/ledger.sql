-- The books refuse what does not balance, and never change.

-- Each entry gets all its postings by one statement, which must sum to zero; nothing is added later.
CREATE OR REPLACE FUNCTION ledger_check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bad record;
BEGIN
    SELECT entry_id, sum(amount) AS difference INTO bad
    FROM added GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % is out of balance by %', bad.entry_id, bad.difference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    SELECT a.entry_id INTO bad
    FROM added a JOIN ledger_journalentry e ON e.id = a.entry_id
    WHERE e.written_in <> pg_current_xact_id()::text::bigint
       OR EXISTS (SELECT FROM ledger_posting p WHERE p.entry_id = a.entry_id AND p.id < (SELECT min(id) FROM added))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % is closed', bad.entry_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entry_closed';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS check_postings ON ledger_posting;
CREATE TRIGGER check_postings AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_postings();

-- At commit: no entry without postings.
CREATE OR REPLACE FUNCTION ledger_check_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_posting WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'journal entry % has no postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_has_postings';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS check_entry ON ledger_journalentry;
CREATE CONSTRAINT TRIGGER check_entry AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_entry();

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
    INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at)
    VALUES (kind, reference, business_date, occurred_at) RETURNING id INTO new_id;
    INSERT INTO ledger_posting (entry_id, account_id, amount)
    SELECT new_id, coalesce(a.id, ledger_account(p.body, p.tax, p.purpose)), p.amount
    FROM jsonb_to_recordset(postings) AS p(body text, tax text, purpose text, amount bigint)
    LEFT JOIN ledger_ledgeraccount a ON a.body_id = p.body AND a.tax = p.tax AND a.purpose = p.purpose;
    RETURN new_id;
END $$;
