-- Bills shown to a session to be paid and for nothing else: by a link, or to an agent whose caller was checked. Whom they are
-- shown to is decided above; these functions are called there, and granted to no face.

-- The bills of a session that are not its own and not open to it otherwise.
CREATE OR REPLACE FUNCTION billing_session_pays_only() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(s.bill_id), '{}') FROM billing_sessionbill s JOIN billing_bill b ON b.id = s.bill_id
    WHERE s.session_mark = billing_session_mark() AND s.expires_at > now() AND s.pay_only
      AND b.taxpayer_id <> ALL (accounts_session_taxpayers()) AND b.body_id <> ALL (accounts_session_bodies());
$$;

-- Show these bills to the running session. What it had found by itself stays open to it.
CREATE OR REPLACE FUNCTION billing_show_to_pay(bills bigint[], until timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF billing_session_mark() IS NULL THEN
        RAISE EXCEPTION 'bills are shown to a session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM billing_sessionbill s WHERE s.expires_at < now();
    INSERT INTO billing_sessionbill (session_mark, bill_id, expires_at, pay_only)
    SELECT billing_session_mark(), bill, until, true FROM unnest(bills) AS bill ORDER BY bill
    ON CONFLICT (session_mark, bill_id) DO UPDATE SET
        expires_at = greatest(billing_sessionbill.expires_at, excluded.expires_at);
END $$;

-- The call is over: its bills are no longer shown.
CREATE OR REPLACE FUNCTION billing_hide_again() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM billing_sessionbill s WHERE s.session_mark = billing_session_mark() AND s.pay_only;
$$;

-- Whose bill this is, if all that a caller says of it is right: its number, the payer's name, and the birth date, or of a
-- business, which has none, the amount on the bill. NULL otherwise.
CREATE OR REPLACE FUNCTION billing_caller(epay text, holder text, born date, said bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT t.id FROM billing_bill b JOIN accounts_taxpayer t ON t.id = b.taxpayer_id
        WHERE b.epay_number = epay AND b.status IN ('issued', 'reissued')
          AND lower(normalize(btrim(t.name), NFC)) = lower(normalize(btrim(holder), NFC))
          AND (t.birth_date = born OR (t.birth_date IS NULL AND b.amount = said)));
END $$;

-- The newest bills of a taxpayer that are in force, for an agent who speaks with them.
CREATE OR REPLACE FUNCTION billing_bills_in_force(of_taxpayer bigint, most integer) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT b.id FROM billing_bill b WHERE b.taxpayer_id = of_taxpayer AND b.status = 'issued'
        ORDER BY b.due_on DESC, b.id DESC LIMIT most) AS newest;
$$;

-- How many of these bills are this taxpayer's and in force.
CREATE OR REPLACE FUNCTION billing_count_of(of_taxpayer bigint, bills bigint[]) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM billing_bill b WHERE b.taxpayer_id = of_taxpayer AND b.status = 'issued' AND b.id = ANY (bills);
$$;

GRANT EXECUTE ON FUNCTION billing_session_pays_only() TO etax_public, etax_office, etax_worker;

-- An agent's session sees the bills of the caller who was checked, and their lines, by which what they owe is computed.
GRANT EXECUTE ON FUNCTION billing_session_mark(), billing_session_bills() TO etax_office;
DROP POLICY IF EXISTS office_caller ON billing_bill;
CREATE POLICY office_caller ON billing_bill FOR SELECT TO etax_office
    USING (id = ANY ((SELECT billing_session_bills())::bigint[]));
