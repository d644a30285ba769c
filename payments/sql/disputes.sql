-- Objections of cardholders (이의제기): what the gateway tells of them, and the answer that an officer gives.

-- What was told of an objection. Told again it changes only what is newer; an end stays.
CREATE OR REPLACE FUNCTION payments_dispute_told(of_gateway text, facts jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told bigint;
BEGIN
    INSERT INTO payments_dispute AS d (gateway, movement_id, reference, amount, reason, respond_by, status, statement, asks, problem)
    VALUES (of_gateway, facts ->> 'movement_id', facts ->> 'reference', (facts ->> 'amount')::bigint,
            left(facts ->> 'reason', 200), (facts ->> 'respond_by')::timestamptz,
            CASE WHEN facts ->> 'state' IN ('won', 'lost') THEN facts ->> 'state' ELSE 'open' END, '', 0, '')
    ON CONFLICT (gateway, movement_id) DO UPDATE SET
        reason = excluded.reason, respond_by = excluded.respond_by,
        status = CASE WHEN d.status NOT IN ('won', 'lost') AND excluded.status IN ('won', 'lost') THEN excluded.status
                      ELSE d.status END,
        ask_at = CASE WHEN excluded.status IN ('won', 'lost') THEN NULL ELSE d.ask_at END
    RETURNING id INTO told;
    RETURN told;
END $$;
GRANT EXECUTE ON FUNCTION payments_dispute_told(text, jsonb) TO etax_intake, etax_worker;

-- Whether an objection is about a bill of the officer's own or of a declared relative.
CREATE OR REPLACE FUNCTION payments_dispute_in_own_file(of_dispute bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM payments_dispute d
        JOIN payments_attempt a ON a.reference = d.reference AND a.gateway = d.gateway
        JOIN payments_attemptitem i ON i.attempt_id = a.id
        JOIN billing_bill b ON b.id = i.bill_id
        WHERE d.id = of_dispute AND b.taxpayer_id = ANY (accounts_session_own_files()));
END $$;

-- The answer, once and in time, in the name of the collector whose session it is; a worker sends it. False: not theirs, answered
-- already, or too late.
CREATE OR REPLACE FUNCTION payments_answer_dispute(of_dispute bigint, answer text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_has_role('collector') OR NOT accounts_session_of_the_city() THEN
        RETURN false;
    END IF;
    UPDATE payments_dispute d
    SET status = 'sending', statement = answer, answered_by_id = accounts_session_account(), answered_at = at, ask_at = at,
        problem = ''
    WHERE d.id = of_dispute AND d.status = 'open' AND d.respond_by > at AND NOT payments_dispute_in_own_file(d.id);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM core_publish('payments.dispute_answered.v1', jsonb_build_object('dispute_id', of_dispute));
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_answer_dispute(bigint, text, timestamptz), payments_dispute_in_own_file(bigint)
    TO etax_office;

-- What was sent is what was there when it was sent.
CREATE OR REPLACE FUNCTION payments_check_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM payments_dispute d WHERE d.id = NEW.dispute_id AND d.status = 'open' FOR UPDATE)
       OR (SELECT count(*) >= 10 OR coalesce(sum(length(f.content)), 0) + length(NEW.content) > 5242880
           FROM payments_disputefile f WHERE f.dispute_id = NEW.dispute_id) THEN
        RAISE EXCEPTION 'no file can be added to objection %', NEW.dispute_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_evidence_while_open';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_evidence ON payments_disputefile;
CREATE TRIGGER check_evidence BEFORE INSERT ON payments_disputefile
    FOR EACH ROW EXECUTE FUNCTION payments_check_evidence();

SELECT core_secure(name) FROM unnest(ARRAY['payments_dispute', 'payments_disputefile']) AS name;
SELECT core_append_only('payments_disputefile');
SELECT core_open('payments_dispute', 'etax_worker', 'SELECT, UPDATE');
SELECT core_open('payments_disputefile', 'etax_worker', 'SELECT');
GRANT SELECT ON payments_dispute, payments_disputefile TO etax_office;
GRANT INSERT (dispute_id, name, kind, content, added_by_id, added_at) ON payments_disputefile TO etax_office;
DROP POLICY IF EXISTS office_of_the_city ON payments_dispute;
CREATE POLICY office_of_the_city ON payments_dispute FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
DROP POLICY IF EXISTS office_reads ON payments_disputefile;
CREATE POLICY office_reads ON payments_disputefile FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_dispute d WHERE d.id = dispute_id));
DROP POLICY IF EXISTS office_adds ON payments_disputefile;
CREATE POLICY office_adds ON payments_disputefile FOR INSERT TO etax_office WITH CHECK (
    added_by_id = (SELECT accounts_session_account()) AND (SELECT accounts_session_has_role('collector'))
    AND EXISTS (SELECT FROM payments_dispute d WHERE d.id = dispute_id)
    AND NOT payments_dispute_in_own_file(dispute_id));
