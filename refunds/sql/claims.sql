-- Claims that a bill asked too much (경정청구): made in the name of a citizen's session, answered in the name of an officer's.

SELECT core_kept('refunds_claim', 'id');
SELECT core_fixed('refunds_claim', name)
FROM unnest(ARRAY['taxpayer_id', 'bill_id', 'body_id', 'text', 'ground', 'known_on', 'wanted', 'answer_by', 'asked_by_id',
                  'asked_at']) AS name;

-- The last day of a time of so many months that begins the day after a day (Civil Act, articles 157 and 160): the day before
-- the same date, or the month's end where the date is missing. `refunds.rules.claims` says the same.
CREATE OR REPLACE FUNCTION refunds_months_after(day date, months integer) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT (reached.on_day - CASE WHEN extract(day FROM reached.on_day) = extract(day FROM day + 1) THEN 1 ELSE 0 END)
    FROM (SELECT (day + 1 + make_interval(months => months))::date AS on_day) AS reached;
$$;

-- Whether a bill can be claimed about on this ground today: a return for so many years after its last day, what turned out
-- otherwise for so many days after it was heard of (article 50); that a bill is wrong at any time (article 58).
CREATE OR REPLACE FUNCTION refunds_can_claim(of_bill billing_bill, on_ground text, heard date, rule jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (of_bill).status = 'issued' AND coalesce(CASE on_ground
        WHEN 'return' THEN (t.assessed = 'filed' OR (of_bill).facts ? 'filed_on') AND heard IS NULL AND billing_local_date(now())
            <= refunds_months_after((of_bill).nominal_due_on, 12 * (rule ->> 'years')::integer)
        WHEN 'later' THEN t.kind = 'tax' AND heard <= billing_local_date(now())
            AND billing_local_date(now()) <= heard + (rule ->> 'later_days')::integer
        WHEN 'request' THEN heard IS NULL
    END, false)
    FROM billing_taxtype t WHERE t.code = (of_bill).tax_id;
$$;

-- A claim about a bill of the session's taxpayers. Its id; NULL: not theirs, not on this ground, one waits already, or five
-- today.
DROP FUNCTION IF EXISTS refunds_claim(bigint, text, timestamptz);
CREATE OR REPLACE FUNCTION refunds_claim(of_bill bigint, on_ground text, heard date, wants jsonb, said text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bill billing_bill%ROWTYPE;
    rule jsonb;
    today date := billing_local_date(now());
    made bigint;
BEGIN
    SELECT * INTO bill FROM billing_bill b WHERE b.id = of_bill AND b.taxpayer_id = ANY (accounts_session_taxpayers());
    SELECT t.body INTO STRICT rule FROM billing_datedtable t
    WHERE t.name = 'correction_claim' AND t.valid_from <= today AND (t.valid_to IS NULL OR today <= t.valid_to);
    IF bill.id IS NULL OR length(wants::text) > 4000 OR NOT refunds_can_claim(bill, on_ground, heard, rule)
       OR 5 <= (SELECT count(*) FROM refunds_claim o
                WHERE o.taxpayer_id = bill.taxpayer_id AND o.asked_at > now() - interval '1 day') THEN
        RETURN NULL;
    END IF;
    INSERT INTO refunds_claim AS c (taxpayer_id, bill_id, body_id, ground, known_on, wanted, text, status, answer_by,
                                    asked_by_id, asked_at, answer)
    VALUES (bill.taxpayer_id, bill.id, bill.body_id, on_ground, heard, wants, left(said, 1000), 'asked',
            CASE WHEN on_ground <> 'request' THEN refunds_months_after(today, (rule ->> 'answer_months')::integer) END,
            accounts_session_account(), now(), '')
    ON CONFLICT DO NOTHING RETURNING c.id INTO made;
    IF made IS NOT NULL THEN
        PERFORM core_audit('refund.claimed', 'claim:' || made, accounts_session_account(), bill.taxpayer_id, '',
                           jsonb_build_object('ground', on_ground), '', '');
    END IF;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION refunds_claim(bigint, text, date, jsonb, text) TO etax_public;

-- A claim that the session's officer may answer now, locked; NULL: not theirs, or answered.
CREATE OR REPLACE FUNCTION refunds_claim_to_answer(of_claim bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM refunds_claim c
    WHERE c.id = of_claim AND c.status = 'asked' AND c.body_id = ANY (accounts_session_bodies())
      AND NOT coalesce(c.taxpayer_id = ANY (accounts_session_own_files()), false)
      AND (accounts_session_has_role('collector') OR accounts_session_has_role('assessor'))
    FOR UPDATE;
$$;

-- Answer one: refused, or granted by a change of its bill that this officer asked for because of it; a change that waits for a
-- second officer keeps the claim waiting. False: not theirs, answered, or another change.
DROP FUNCTION IF EXISTS refunds_answer_claim(bigint, boolean, text, timestamptz);
CREATE OR REPLACE FUNCTION refunds_answer_claim(of_claim bigint, by_change bigint, said text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := refunds_claim_to_answer(of_claim);
    new_status text := 'refused';
BEGIN
    IF by_change IS NOT NULL THEN
        SELECT CASE c.status WHEN 'done' THEN 'granted' WHEN 'proposed' THEN 'deciding' END INTO new_status
        FROM billing_billchange c JOIN refunds_claim m ON m.bill_id = c.bill_id
        WHERE c.id = by_change AND m.id = of_claim AND c.asked_by_id = accounts_session_account()
          AND (c.details #>> '{claim,id}')::bigint = of_claim AND accounts_session_has_role('assessor');
    END IF;
    UPDATE refunds_claim c
    SET status = new_status, change_id = by_change, answer = left(said, 1000), answered_at = now(),
        answered_by_id = accounts_session_account()
    WHERE c.id = mine AND new_status IS NOT NULL;
    IF FOUND AND new_status <> 'deciding' THEN
        PERFORM core_publish('refunds.claim_answered.v1', jsonb_build_object('claim_id', of_claim));
    END IF;
    RETURN FOUND;
END $$;
GRANT EXECUTE ON FUNCTION refunds_claim_to_answer(bigint), refunds_answer_claim(bigint, bigint, text) TO etax_office;

-- What a second officer said of its change, and that its claimant was written to.
SELECT core_open('refunds_claim', 'etax_worker', 'SELECT, UPDATE');
