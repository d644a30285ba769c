-- Finding a bill without an account: whoever names the electronic payment number and the payer's name or birth date
-- may see that bill in this session. A wrong name and an unknown number get the same answer after the same work.

-- The mark under which a session is remembered; null where the transaction speaks for no session.
CREATE OR REPLACE FUNCTION billing_session_mark() RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(secret, 'UTF8')), 'hex')
    FROM nullif(current_setting('etax.session', true), '') AS secret WHERE secret IS NOT NULL;
$$;

-- The bills that this session found.
CREATE OR REPLACE FUNCTION billing_session_bills() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.bill_id), '{}') FROM billing_sessionbill s
    WHERE s.session_mark = billing_session_mark() AND s.expires_at > now();
$$;

ALTER TABLE billing_lookup ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint;

-- What was asked, so that nothing else is answered.
CREATE OR REPLACE FUNCTION billing_asked_mark(epay text, holder text, born date) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(epay, holder, born)::text, 'UTF8')), 'hex');
$$;

-- First step: the question is written down, and counted as a failure until it is answered otherwise. Answer: its number,
-- or -1 for too many: 10 failures in 15 minutes from one visitor or session, or 300 for one number (existing or not).
-- A visitor's mark is what the caller says; the marks of session and number are not.
CREATE OR REPLACE FUNCTION billing_ask_for_bill(epay text, holder text, born date, visitor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mark_visitor text := encode(sha256(convert_to(coalesce(visitor, ''), 'UTF8')), 'hex');
    mark_number text := encode(sha256(convert_to(coalesce(epay, ''), 'UTF8')), 'hex');
    asked_id bigint;
BEGIN
    IF billing_session_mark() IS NULL THEN
        RAISE EXCEPTION 'a bill is found for a session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM billing_lookup l WHERE l.at < now() - interval '1 day';
    DELETE FROM billing_sessionbill s WHERE s.expires_at < now();
    INSERT INTO billing_lookup (visitor_mark, session_mark, number_mark, asked, found)
    SELECT mark_visitor, billing_session_mark(), mark_number, billing_asked_mark(epay, holder, born), false
    WHERE 10 > (SELECT count(*) FROM billing_lookup l
                WHERE l.visitor_mark = mark_visitor AND NOT l.found AND l.at > now() - interval '15 minutes')
      AND 10 > (SELECT count(*) FROM billing_lookup l
                WHERE l.session_mark = billing_session_mark() AND NOT l.found AND l.at > now() - interval '15 minutes')
      AND 300 > (SELECT count(*) FROM billing_lookup l
                 WHERE l.number_mark = mark_number AND NOT l.found AND l.at > now() - interval '15 minutes')
    RETURNING id INTO asked_id;
    RETURN coalesce(asked_id, -1);
END $$;

-- Second step, in a transaction of its own: only a question that is committed, and so counted, is answered; a process that
-- was taken can't ask and roll back. Answer: the bill's id, 0 for nothing found, -1 for too many tries (many at once count),
-- -2 if name and birth date are both needed now. That is so where strangers try: after 10 failures for the number or 5,000
-- in the city, in 15 minutes. So they shut nobody out who knows both. Businesses have no birth date; any will do then.
CREATE OR REPLACE FUNCTION billing_find_bill(lookup bigint, epay text, holder text, born date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine billing_lookup;
    both_needed boolean;
    bill record;
BEGIN
    SELECT * INTO mine FROM billing_lookup l
    WHERE l.id = lookup AND l.session_mark = billing_session_mark() AND l.at > now() - interval '1 minute'
      AND l.asked = billing_asked_mark(epay, holder, born);
    IF mine.id IS NULL OR 10 < (SELECT count(*) FROM billing_lookup l WHERE l.visitor_mark = mine.visitor_mark
                                AND NOT l.found AND l.at > now() - interval '15 minutes') THEN
        RETURN -1;
    END IF;
    IF mine.written_in = pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'a question is answered once it is committed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    both_needed := 10 < (SELECT count(*) FROM billing_lookup l WHERE l.number_mark = mine.number_mark
                    AND NOT l.found AND l.at > now() - interval '15 minutes')
           OR 5000 < (SELECT count(*) FROM (
                          SELECT FROM billing_lookup l
                          WHERE NOT l.found AND l.at > now() - interval '15 minutes' LIMIT 5001) AS lately);
    IF both_needed AND (holder IS NULL OR born IS NULL) THEN
        RETURN -2;
    END IF;
    SELECT b.id, b.status INTO bill
    FROM billing_bill b JOIN accounts_taxpayer t ON t.id = b.taxpayer_id
    WHERE b.epay_number = epay AND b.status IN ('issued', 'reissued')
      AND (holder IS NOT NULL OR born IS NOT NULL)
      AND (holder IS NULL OR lower(normalize(btrim(t.name), NFC)) = lower(normalize(btrim(holder), NFC)))
      AND (born IS NULL OR t.birth_date = born OR (both_needed AND t.birth_date IS NULL));
    WHILE bill.status = 'reissued' LOOP -- the number of a bill that was replaced leads to the one in its place
        SELECT b.id, b.status INTO bill
        FROM billing_billreplacement r JOIN billing_bill b ON b.id = r.new_id WHERE r.old_id = bill.id;
    END LOOP;
    IF bill.status IS DISTINCT FROM 'issued' THEN
        RETURN 0;
    END IF;
    UPDATE billing_lookup l SET found = true WHERE l.id = mine.id;
    INSERT INTO billing_sessionbill (session_mark, bill_id, expires_at)
    VALUES (billing_session_mark(), bill.id, now() + interval '1 hour')
    ON CONFLICT (session_mark, bill_id) DO UPDATE SET expires_at = excluded.expires_at, pay_only = false;
    RETURN bill.id;
END $$;

GRANT EXECUTE ON FUNCTION billing_ask_for_bill(text, text, date, text), billing_find_bill(bigint, text, text, date)
    TO etax_public;
