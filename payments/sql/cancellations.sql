-- Giving a card payment back takes two officers, whatever the office's process has become: one asks, another approves, and
-- only the worker has the gateway's key.

-- Whether a payment is for a bill of the officer's own or of a declared relative, in whatever office that bill is.
CREATE OR REPLACE FUNCTION payments_in_own_file(of_payment bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM payments_payment p JOIN payments_attemptitem i ON i.attempt_id = p.attempt_id
        JOIN billing_bill b ON b.id = i.bill_id
        WHERE p.id = of_payment AND b.taxpayer_id = ANY (accounts_session_own_files()));
END $$;
GRANT EXECUTE ON FUNCTION payments_in_own_file(bigint) TO etax_office;

-- What is asked for is there to be given back.
CREATE OR REPLACE FUNCTION payments_check_cancellation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    paid payments_payment%ROWTYPE;
BEGIN
    SELECT * INTO paid FROM payments_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
    IF paid.kind <> (CASE NEW.number WHEN '' THEN 'approval' ELSE 'deposit' END) OR NEW.amount > paid.amount - (
        SELECT coalesce(sum(r.amount), 0) FROM payments_reversalpart r WHERE r.payment_id = paid.id) THEN
        RAISE EXCEPTION 'payment % does not hold % to be given back', NEW.payment_id, NEW.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_cancellation_within_payment';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_cancellation ON payments_cancellation;
CREATE TRIGGER check_cancellation BEFORE INSERT ON payments_cancellation
    FOR EACH ROW EXECUTE FUNCTION payments_check_cancellation();

-- Decided by the approver whose session it is, never by who asked, nor in their own or a relative's file. False: not theirs to
-- decide, or decided already.
CREATE OR REPLACE FUNCTION payments_decide_cancellation(wish bigint, granting boolean, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    officer bigint := accounts_session_account();
    decided payments_cancellation%ROWTYPE;
BEGIN
    IF NOT accounts_session_has_role('approver') THEN
        RETURN false;
    END IF;
    UPDATE payments_cancellation c
    SET status = CASE WHEN granting THEN 'approved' ELSE 'rejected' END, decided_by_id = officer, decided_at = at,
        ask_at = CASE WHEN granting THEN at END
    WHERE c.id = wish AND c.status = 'asked' AND c.asked_by_id <> officer AND NOT payments_in_own_file(c.payment_id)
      AND (accounts_session_of_the_city() OR EXISTS (
          SELECT FROM payments_payment p JOIN payments_attemptitem i ON i.attempt_id = p.attempt_id
          JOIN billing_bill b ON b.id = i.bill_id
          WHERE p.id = c.payment_id AND b.body_id = ANY (accounts_session_bodies())))
    RETURNING * INTO decided;
    IF decided.id IS NULL THEN
        RETURN false;
    END IF;
    IF granting THEN
        PERFORM core_publish('payments.cancel_approved.v1', jsonb_build_object('cancellation_id', decided.id));
    END IF;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_decide_cancellation(bigint, boolean, timestamptz) TO etax_office;

-- A refund that two officers decided about is given back by its gateway: the row says who they were. `account`: {"bank",
-- "number", "holder"} where a deposit goes; empty for a card.
CREATE OR REPLACE FUNCTION payments_order_cancellation(
    of_payment bigint, amount bigint, account jsonb, reason text, asked_by bigint, decided_by bigint, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO payments_cancellation AS c
        (payment_id, amount, bank, number, holder, reason, status, asked_by_id, asked_at, decided_by_id, decided_at, ask_at,
         asks, problem)
    VALUES (of_payment, amount, coalesce(account ->> 'bank', ''), coalesce(account ->> 'number', ''),
            coalesce(account ->> 'holder', ''), reason, 'approved', asked_by, at, decided_by, at, at, 0, '')
    RETURNING c.id INTO made;
    PERFORM core_publish('payments.cancel_approved.v1', jsonb_build_object('cancellation_id', made));
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION payments_order_cancellation(bigint, bigint, jsonb, text, bigint, bigint, timestamptz)
    TO etax_worker;

SELECT core_secure('payments_cancellation');
SELECT core_open('payments_cancellation', 'etax_worker', 'SELECT, UPDATE');
GRANT SELECT ON payments_cancellation TO etax_office;
GRANT INSERT (payment_id, amount, reason, status, asked_by_id, asked_at, decided_by_id, decided_at, believed, ask_at, asks,
              problem) ON payments_cancellation TO etax_office;
DROP POLICY IF EXISTS office_own ON payments_cancellation;
CREATE POLICY office_own ON payments_cancellation FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_payment p WHERE p.id = payment_id));
DROP POLICY IF EXISTS office_asks ON payments_cancellation;
CREATE POLICY office_asks ON payments_cancellation FOR INSERT TO etax_office WITH CHECK (
    status = 'asked' AND asked_by_id = (SELECT accounts_session_account()) AND decided_by_id IS NULL AND ask_at IS NULL
    AND (SELECT accounts_session_has_role('collector')) AND NOT payments_in_own_file(payment_id)
    AND EXISTS (SELECT FROM payments_payment p WHERE p.id = payment_id));
