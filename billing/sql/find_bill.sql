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

-- Answer: the bill's id, 0 for nothing found, -1 for too many tries (10 failures in 15 minutes from one visitor or for one
-- number, whether or not there is such a number).
CREATE OR REPLACE FUNCTION billing_find_bill(epay text, holder text, born date, visitor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mark_visitor text := encode(sha256(convert_to(coalesce(visitor, ''), 'UTF8')), 'hex');
    mark_number text := encode(sha256(convert_to(coalesce(epay, ''), 'UTF8')), 'hex');
    found_id bigint;
BEGIN
    IF billing_session_mark() IS NULL THEN
        RAISE EXCEPTION 'a bill is found for a session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One try after the other, so that many at once don't slip below the limit; always in the same order.
    PERFORM pg_advisory_xact_lock(least(k.a, k.b)), pg_advisory_xact_lock(greatest(k.a, k.b))
    FROM (SELECT hashtextextended(mark_visitor, 1) AS a, hashtextextended(mark_number, 2) AS b) AS k;
    DELETE FROM billing_lookup l WHERE l.at < now() - interval '1 day';
    DELETE FROM billing_sessionbill s WHERE s.expires_at < now();
    IF 10 <= (SELECT count(*) FROM billing_lookup l
              WHERE l.visitor_mark = mark_visitor AND NOT l.found AND l.at > now() - interval '15 minutes')
       OR 10 <= (SELECT count(*) FROM billing_lookup l
              WHERE l.number_mark = mark_number AND NOT l.found AND l.at > now() - interval '15 minutes') THEN
        RETURN -1;
    END IF;
    SELECT b.id INTO found_id
    FROM billing_bill b JOIN accounts_taxpayer t ON t.id = b.taxpayer_id
    WHERE b.epay_number = epay AND b.status = 'issued'
      AND (holder IS NOT NULL OR born IS NOT NULL)
      AND (holder IS NULL OR lower(normalize(btrim(t.name), NFC)) = lower(normalize(btrim(holder), NFC)))
      AND (born IS NULL OR t.birth_date = born);
    INSERT INTO billing_lookup (visitor_mark, number_mark, found) VALUES (mark_visitor, mark_number, found_id IS NOT NULL);
    IF found_id IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO billing_sessionbill (session_mark, bill_id, expires_at)
    VALUES (billing_session_mark(), found_id, now() + interval '1 hour')
    ON CONFLICT (session_mark, bill_id) DO UPDATE SET expires_at = excluded.expires_at;
    RETURN found_id;
END $$;
