-- The city's counters. The office's login writes nothing here by itself: each act is a function that asks whose session it
-- is. A cashier posts only money of today, for their own body's counter, into their own open drawer, and never more than
-- a bill owes; what was counted and what bounced is decided by a second officer. Lock order: the drawer, then bills.

SELECT core_secure(name), core_open(name, 'etax_worker', 'SELECT')
FROM unnest(ARRAY['payments_drawer', 'payments_counterpayment', 'payments_bounce']) AS name;
SELECT core_append_only('payments_counterpayment');
GRANT SELECT ON payments_drawer, payments_counterpayment, payments_bounce TO etax_office;
DROP POLICY IF EXISTS office_own ON payments_drawer;
CREATE POLICY office_own ON payments_drawer FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_own ON payments_counterpayment;
CREATE POLICY office_own ON payments_counterpayment FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_drawer d WHERE d.id = drawer_id));
DROP POLICY IF EXISTS office_own ON payments_bounce;
CREATE POLICY office_own ON payments_bounce FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_counterpayment c WHERE c.id = taken_id));

-- The moment that the office's process says must be now: nobody pays yesterday what grew since.
CREATE OR REPLACE FUNCTION payments_is_now(at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT at BETWEEN now() - interval '5 minutes' AND now() + interval '1 minute';
$$;

-- A drawer for the cashier whose session it is; NULL: no cashier, or they have one.
CREATE OR REPLACE FUNCTION payments_open_drawer(opening bigint, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    opened bigint;
BEGIN
    IF NOT accounts_session_has_role('cashier') OR NOT payments_is_now(at) THEN
        RETURN NULL;
    END IF;
    INSERT INTO payments_drawer (body_id, cashier_id, opening, opened_at, status, note)
    SELECT o.body_id, o.account_id, payments_open_drawer.opening, at, 'open', ''
    FROM accounts_officer o WHERE o.account_id = accounts_session_account()
    ON CONFLICT DO NOTHING RETURNING id INTO opened;
    IF opened IS NOT NULL THEN
        PERFORM core_audit('drawer.opened', 'drawer:' || opened, accounts_session_account(), NULL, '',
                           jsonb_build_object('opening', opening), '', '');
    END IF;
    RETURN opened;
END $$;

-- `desk`: {"key", "means", "tendered", "cheque_bank", "cheque_number", "reference", "language", "currency", "payer"}; `shares`
-- as in payments_pay_directly. Answer: that of it, or {"outcome": "no_drawer" | "not_theirs" | "changed" | "cheque_known"},
-- which wrote nothing. The same key again is the same payment.
CREATE OR REPLACE FUNCTION payments_take_at_counter(desk jsonb, shares jsonb, token_hash bytea, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    drawer payments_drawer%ROWTYPE;
    money bigint := (SELECT sum(s.amount) FROM jsonb_to_recordset(shares) AS s(amount bigint));
    bills bigint[] := array(SELECT s.bill_id FROM jsonb_to_recordset(shares) AS s(bill_id bigint) ORDER BY s.bill_id);
    movement text;
    answer jsonb;
BEGIN
    SELECT * INTO drawer FROM payments_drawer d
    WHERE d.cashier_id = accounts_session_account() AND d.status = 'open' FOR UPDATE;
    IF drawer.id IS NULL OR NOT accounts_session_has_role('cashier') OR NOT payments_is_now(at) THEN
        RETURN '{"outcome": "no_drawer"}';
    END IF;
    movement := 'CTR-' || drawer.id || '-' || (desk ->> 'key');
    answer := payments_known('counter:' || drawer.body_id, movement, NULL);
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM FROM billing_bill b WHERE b.id = ANY (bills) ORDER BY b.id FOR UPDATE;
    IF cardinality(bills) = 0 OR (SELECT count(*) FROM billing_bill b
            WHERE b.id = ANY (bills) AND b.status = 'issued' AND b.body_id = ANY (accounts_session_bodies())
              AND b.taxpayer_id <> ALL (accounts_session_own_files())) <> cardinality(bills) THEN
        RETURN '{"outcome": "not_theirs"}';
    ELSIF EXISTS (
        SELECT FROM jsonb_to_recordset(shares) AS s(bill_id bigint, amount bigint)
        WHERE s.amount > (SELECT coalesce(sum(greatest(o.amount - o.tax_paid, 0)
                                              + greatest(o.surcharge - o.surcharge_paid, 0)), 0)
                          FROM billing_owed(bills, billing_local_date(at)) o WHERE o.bill_id = s.bill_id)) THEN
        RETURN '{"outcome": "changed"}';
    ELSIF desk ->> 'means' = 'cheque' AND EXISTS (
        SELECT FROM payments_counterpayment c
        WHERE c.means = 'cheque' AND c.cheque_bank = desk ->> 'cheque_bank'
          AND upper(replace(c.cheque_number, '-', '')) = upper(replace(desk ->> 'cheque_number', '-', ''))) THEN
        RETURN '{"outcome": "cheque_known"}';
    END IF;
    answer := payments_pay_directly(
        'counter:' || drawer.body_id, desk || '{"channel": "counter"}',
        jsonb_build_object('id', movement, 'kind', 'deposit', 'amount', money, 'currency', desk ->> 'currency', 'at', at),
        shares, token_hash, NULL, at);
    INSERT INTO payments_counterpayment (drawer_id, payment_id, means, amount, tendered, cheque_bank, cheque_number, taken_at)
    VALUES (drawer.id, (answer ->> 'payment_id')::bigint, desk ->> 'means', money, (desk ->> 'tendered')::bigint,
            desk ->> 'cheque_bank', desk ->> 'cheque_number', at);
    PERFORM core_audit('counter.taken', 'payment:' || (answer ->> 'payment_id'), accounts_session_account(), NULL, '',
                       jsonb_build_object('drawer', drawer.id, 'means', desk -> 'means', 'amount', money), '', '');
    RETURN answer;
END $$;

-- What should be in a drawer: cash to give change from and what was paid in cash; and the cheques.
CREATE OR REPLACE FUNCTION payments_drawer_should(of_drawer bigint, OUT cash bigint, OUT cheques bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.opening + coalesce(sum(c.amount) FILTER (WHERE c.means = 'cash'), 0),
           coalesce(sum(c.amount) FILTER (WHERE c.means = 'cheque'), 0)
    FROM payments_drawer d LEFT JOIN payments_counterpayment c ON c.drawer_id = d.id
    WHERE d.id = of_drawer AND d.body_id = ANY (accounts_session_bodies()) GROUP BY d.id;
$$;

-- The cashier says what is there; nothing more is paid into it. False: not their open drawer, or cash or cheques differ and no
-- word says why.
CREATE OR REPLACE FUNCTION payments_count_drawer(of_drawer bigint, cash bigint, cheques bigint, words text, at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- What is being taken at this moment is in it before it is compared.
    PERFORM FROM payments_drawer d WHERE d.id = of_drawer AND d.cashier_id = accounts_session_account() FOR UPDATE;
    UPDATE payments_drawer d SET status = 'counted', counted_cash = cash, counted_cheques = cheques, note = words,
                                 counted_at = payments_count_drawer.at
    WHERE d.id = of_drawer AND d.status = 'open' AND d.cashier_id = accounts_session_account()
      AND accounts_session_has_role('cashier') AND payments_is_now(at)
      AND (words <> '' OR (cash, cheques) = (SELECT s.cash, s.cheques FROM payments_drawer_should(d.id) s));
    IF FOUND THEN
        PERFORM core_audit('drawer.counted', 'drawer:' || of_drawer, accounts_session_account(), NULL, words,
                           jsonb_build_object('cash', cash, 'cheques', cheques), '', '');
    END IF;
    RETURN FOUND;
END $$;

-- A second officer of the body looks at the count: 'closed', or back to the cashier ('open'); NULL: not theirs to decide,
-- or decided already. Too much or too little goes into suspense: somebody is owed it, or owes it.
CREATE OR REPLACE FUNCTION payments_decide_drawer(of_drawer bigint, granting boolean, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    drawer payments_drawer%ROWTYPE;
    should record;
    off bigint;
BEGIN
    SELECT * INTO drawer FROM payments_drawer d WHERE d.id = of_drawer FOR UPDATE;
    IF drawer.id IS NULL OR drawer.status <> 'counted' OR drawer.cashier_id = accounts_session_account()
       OR NOT (accounts_session_has_role('approver') OR accounts_session_has_role('treasurer'))
       OR drawer.body_id <> ALL (accounts_session_bodies()) THEN
        RETURN NULL;
    ELSIF NOT granting THEN
        UPDATE payments_drawer d SET status = 'open' WHERE d.id = of_drawer;
    ELSE
        SELECT * INTO should FROM payments_drawer_should(of_drawer);
        off := drawer.counted_cash + drawer.counted_cheques - should.cash - should.cheques;
        UPDATE payments_drawer d SET status = 'closed', difference = off, closed_by_id = accounts_session_account(),
                                     closed_at = at WHERE d.id = of_drawer;
        IF off <> 0 THEN
            PERFORM ledger_post_entry('drawer_difference', 'drawer:' || of_drawer, billing_local_date(drawer.counted_at),
                drawer.counted_at, jsonb_build_array(
                    jsonb_build_object('body', drawer.body_id, 'tax', 'cash_difference', 'purpose', 'clearing', 'amount', off),
                    jsonb_build_object('body', drawer.body_id, 'tax', 'cash_difference', 'purpose', 'suspense', 'amount', -off)));
        END IF;
    END IF;
    PERFORM core_audit(CASE WHEN granting THEN 'drawer.closed' ELSE 'drawer.sent_back' END, 'drawer:' || of_drawer,
                       accounts_session_account(), NULL, drawer.note, jsonb_build_object('difference', off), '', '');
    RETURN CASE WHEN granting THEN 'closed' ELSE 'open' END;
END $$;

-- An officer of the body tells that a bank did not honour a cheque; NULL: not theirs to tell, no cheque, or told already.
CREATE OR REPLACE FUNCTION payments_ask_bounce(of_payment bigint, words text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told bigint;
BEGIN
    IF trim(words) = '' OR NOT (accounts_session_has_role('cashier') OR accounts_session_has_role('collector')
                                OR accounts_session_has_role('treasurer')) THEN
        RETURN NULL;
    END IF;
    INSERT INTO payments_bounce (taken_id, reason, status, asked_by_id, asked_at)
    SELECT c.id, words, 'asked', accounts_session_account(), at
    FROM payments_counterpayment c JOIN payments_drawer d ON d.id = c.drawer_id
    WHERE c.payment_id = of_payment AND c.means = 'cheque' AND d.body_id = ANY (accounts_session_bodies())
    ON CONFLICT DO NOTHING RETURNING id INTO told;
    IF told IS NOT NULL THEN
        PERFORM core_audit('cheque.bounced', 'payment:' || of_payment, accounts_session_account(), NULL, words,
                           jsonb_build_object('bounce', told), '', '');
    END IF;
    RETURN told;
END $$;

-- A second officer approves: the money is taken back by `payments_reverse`, and the bills are owed again. 'done', 'rejected';
-- 'stale': less of this money is left; NULL: not theirs to decide, or decided already.
CREATE OR REPLACE FUNCTION payments_decide_bounce(of_bounce bigint, granting boolean, currency text, at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bounce payments_bounce%ROWTYPE;
    payment payments_payment%ROWTYPE;
    answer text := CASE WHEN granting THEN 'done' ELSE 'rejected' END;
BEGIN
    SELECT * INTO bounce FROM payments_bounce b WHERE b.id = of_bounce FOR UPDATE;
    SELECT p.* INTO payment FROM payments_counterpayment c JOIN payments_payment p ON p.id = c.payment_id
    WHERE c.id = bounce.taken_id;
    IF bounce.id IS NULL OR bounce.status <> 'asked' OR bounce.asked_by_id = accounts_session_account()
       OR NOT payments_is_now(at) OR NOT accounts_session_has_role('approver')
       OR split_part(payment.gateway, ':', 2) <> ALL (accounts_session_bodies())
       OR EXISTS (SELECT FROM payments_attemptitem i JOIN billing_bill b ON b.id = i.bill_id
                  WHERE i.attempt_id = payment.attempt_id AND b.taxpayer_id = ANY (accounts_session_own_files())) THEN
        RETURN NULL;
    END IF;
    IF granting THEN
        BEGIN
            PERFORM payments_reverse(
                payment.gateway, '', payment.movement_id,
                jsonb_build_object('id', 'BNC-' || of_bounce, 'kind', 'bounce', 'amount', payment.amount,
                                   'currency', payments_decide_bounce.currency, 'at', at), NULL, at);
        EXCEPTION WHEN check_violation THEN
            RETURN 'stale';
        END;
    END IF;
    UPDATE payments_bounce b SET status = answer, decided_by_id = accounts_session_account(), decided_at = at
    WHERE b.id = of_bounce;
    PERFORM core_audit('cheque.bounce_' || answer, 'payment:' || payment.id, accounts_session_account(), NULL, bounce.reason,
                       '{}', '', '');
    RETURN answer;
END $$;

GRANT EXECUTE ON FUNCTION payments_open_drawer(bigint, timestamptz),
    payments_take_at_counter(jsonb, jsonb, bytea, timestamptz), payments_drawer_should(bigint),
    payments_count_drawer(bigint, bigint, bigint, text, timestamptz), payments_decide_drawer(bigint, boolean, timestamptz),
    payments_ask_bounce(bigint, text, timestamptz), payments_decide_bounce(bigint, boolean, text, timestamptz)
    TO etax_office;
