-- What a citizen may ask for, in the name of the session: how a refund goes back, and into which account.

-- 'done'; 'late': somebody has decided about it already; NULL: not theirs. A bill that is to be paid out of it is paid as of
-- this day: it is the database's, so that nobody agrees to something in the past.
CREATE OR REPLACE FUNCTION refunds_ask(of_refund bigint, new_way text, bill bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refund refunds_refund%ROWTYPE;
BEGIN
    SELECT * INTO refund FROM refunds_refund r
    WHERE r.id = of_refund AND r.taxpayer_id = ANY (accounts_session_taxpayers()) FOR UPDATE;
    IF refund.id IS NULL OR NOT coalesce(CASE new_way
        WHEN 'account' THEN true WHEN 'donation' THEN true WHEN 'card' THEN refund.by_card
        WHEN 'set_off' THEN EXISTS (
            SELECT FROM billing_bill b WHERE b.id = bill AND b.taxpayer_id = refund.taxpayer_id AND b.status = 'issued'
              AND b.body_id = refund.body_id) END, false) THEN
        RETURN NULL;
    ELSIF refund.status NOT IN ('opened', 'assessed') OR refund.approved_by_id IS NOT NULL THEN
        RETURN 'late';
    END IF;
    UPDATE refunds_refund r
    SET way = new_way, to_bill_id = CASE WHEN new_way = 'set_off' THEN bill END,
        asked_at = greatest(now(), refund.opened_at), asked_by_id = accounts_session_account(), status = 'opened',
        assessed_by_id = NULL, assessed_at = NULL, figures_on = NULL
    WHERE r.id = refund.id;
    PERFORM core_publish('refunds.figures_asked.v1', jsonb_build_object('refund_id', refund.id));
    PERFORM core_audit('refund.asked', 'refund:' || refund.id, accounts_session_account(), refund.taxpayer_id, '',
                       jsonb_build_object('way', new_way), '', '');
    RETURN 'done';
END $$;

-- Name the account of a taxpayer whom the session may act for, with a verified identity. The one asked about before is
-- replaced; one in force stays so until the new one is known to be the taxpayer's. Its id; NULL: not theirs, or too often by
-- the database's clock.
CREATE OR REPLACE FUNCTION refunds_name_account(
    of_taxpayer bigint, new_bank text, new_number text, new_language text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF NOT of_taxpayer = ANY (accounts_session_taxpayers()) OR NOT EXISTS (
           SELECT FROM accounts_account a WHERE a.id = accounts_session_account() AND a.assurance = 2)
       OR 10 <= (SELECT count(*) FROM refunds_payee p
                 WHERE p.taxpayer_id = of_taxpayer AND p.asked_at > now() - interval '1 day') THEN
        RETURN NULL;
    END IF;
    UPDATE refunds_payee p SET status = 'replaced', ask_at = NULL WHERE p.taxpayer_id = of_taxpayer AND p.status = 'asked';
    INSERT INTO refunds_payee AS p (taxpayer_id, bank, number, status, named, problem, asked_by_id, language, asked_at,
                                    ask_at, asks)
    VALUES (of_taxpayer, new_bank, new_number, 'asked', '', '', accounts_session_account(), new_language, now(), now(), 0)
    RETURNING p.id INTO made;
    PERFORM core_publish('refunds.account_named.v1', jsonb_build_object('payee_id', made));
    PERFORM core_audit('refund.account_named', 'payee:' || made, accounts_session_account(), of_taxpayer, '', '{}', '', '');
    RETURN made;
END $$;

-- Somebody asks whether there is something for them. Nothing is said but that it was heard; the database can't tell the
-- asker anything, since it does not look. At most 600 an hour are taken, so that nobody fills the disk or a mailbox.
CREATE OR REPLACE FUNCTION refunds_ask_whether(asked_name text, asked_born date, asked_language text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    IF 600 <= (SELECT count(*) FROM refunds_question q WHERE q.asked_at > now() - interval '1 hour') THEN
        RETURN;
    END IF;
    INSERT INTO refunds_question AS q (name, born, language)
    VALUES (left(asked_name, 100), asked_born, left(asked_language, 5)) RETURNING q.id INTO made;
    PERFORM core_publish('refunds.question_asked.v1', jsonb_build_object('question_id', made));
END $$;

GRANT EXECUTE ON FUNCTION refunds_ask(bigint, text, bigint, timestamptz),
    refunds_name_account(bigint, text, text, text, timestamptz), refunds_ask_whether(text, date, text) TO etax_public;
