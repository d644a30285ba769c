-- The call centre: an agent checks a caller by what is on file, and is answered only yes or no. Everything is done in the
-- name of the agent whose session it is; a taken office process can't guess faster than an agent may, nor show itself a file.
SELECT core_secure(name) FROM unnest(ARRAY[
    'payments_call', 'payments_callcheck', 'payments_paylink', 'payments_paylinkitem', 'payments_phonecall'
]) AS name;
ALTER TABLE payments_callcheck ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint;

-- The running agent's own call, locked; NULL where it is not, or no longer, theirs to work on. `checked`: and its caller is.
CREATE OR REPLACE FUNCTION payments_my_call(of_call bigint, checked boolean) RETURNS payments_call
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call;
BEGIN
    SELECT * INTO mine FROM payments_call c
    WHERE c.id = of_call AND c.officer_id = accounts_session_account() AND accounts_session_has_role('call_agent')
      AND c.status IN ('open', 'checked')
      AND (NOT payments_my_call.checked OR (c.status = 'checked' AND c.checked_until > now()))
    FOR UPDATE;
    RETURN mine;
END $$;

-- The next call; the one before is over, and what it showed is shown no longer.
CREATE OR REPLACE FUNCTION payments_begin_call() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    begun bigint;
BEGIN
    IF NOT accounts_session_has_role('call_agent') THEN
        RAISE EXCEPTION 'calls are answered by agents' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM billing_hide_again();
    UPDATE payments_call c SET status = 'ended', ended_at = now()
    WHERE c.officer_id = accounts_session_account() AND c.status IN ('open', 'checked');
    INSERT INTO payments_call (officer_id, status) VALUES (accounts_session_account(), 'open') RETURNING id INTO begun;
    RETURN begun;
END $$;

CREATE OR REPLACE FUNCTION payments_end_call(of_call bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call := payments_my_call(of_call, false);
BEGIN
    UPDATE payments_call c SET status = 'ended', ended_at = now() WHERE c.id = mine.id;
    PERFORM billing_hide_again() WHERE FOUND;
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION payments_said_mark(epay text, holder text, born date, said bigint) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(epay, holder, born, said)::text, 'UTF8')), 'hex');
$$;

-- First step: what the caller says is written down, and counted as wrong until it is answered otherwise. Answer: its number,
-- or -1 in a call that is not open (any more), -2 where this bill's number was asked for wrongly 5 times in the hour, -3 where
-- this agent's callers were wrong 30 times in the day.
CREATE OR REPLACE FUNCTION payments_ask_about_caller(of_call bigint, epay text, holder text, born date, said bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call := payments_my_call(of_call, false);
    mark text := encode(sha256(convert_to(coalesce(epay, ''), 'UTF8')), 'hex');
    asked_id bigint;
BEGIN
    IF mine.id IS NULL OR 3 <= (SELECT count(*) FROM payments_callcheck k WHERE k.call_id = of_call AND NOT k.right) THEN
        RETURN -1;
    END IF;
    IF 5 <= (SELECT count(*) FROM payments_callcheck k
             WHERE k.number_mark = mark AND NOT k.right AND k.at > now() - interval '1 hour') THEN
        RETURN -2;
    END IF;
    IF 30 <= (SELECT count(*) FROM payments_callcheck k JOIN payments_call c ON c.id = k.call_id
              WHERE c.officer_id = mine.officer_id AND NOT k.right AND k.at > now() - interval '1 day') THEN
        RETURN -3;
    END IF;
    INSERT INTO payments_callcheck (call_id, number_mark, asked, "right")
    VALUES (of_call, mark, payments_said_mark(epay, holder, born, said), false) RETURNING id INTO asked_id;
    RETURN asked_id;
END $$;

-- Second step, in a transaction of its own: only a question that is committed, and so counted, is answered. `yes`, `no`,
-- `locked` (no, for the third time), or `own`: the file of the agent or of a relative, which is not theirs to touch. After
-- a yes the agent's session sees this taxpayer's bills for an hour, to have them paid and for nothing else.
CREATE OR REPLACE FUNCTION payments_answer_about_caller(
    check_id bigint, of_call bigint, epay text, holder text, born date, said bigint
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call := payments_my_call(of_call, false);
    question payments_callcheck;
    caller bigint;
    answer text := 'yes';
    wrong bigint;
BEGIN
    SELECT * INTO question FROM payments_callcheck k
    WHERE k.id = check_id AND k.call_id = mine.id AND NOT k.right AND k.at > now() - interval '1 minute'
      AND k.asked = payments_said_mark(epay, holder, born, said);
    IF question.id IS NULL THEN
        RETURN 'no';
    END IF;
    IF question.written_in = pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'a question is answered once it is committed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    caller := billing_caller(epay, holder, born, said);
    SELECT count(*) INTO wrong FROM payments_callcheck k WHERE k.call_id = mine.id AND NOT k.right;
    IF caller IS NULL THEN
        answer := CASE WHEN wrong >= 3 THEN 'locked' ELSE 'no' END;
        UPDATE payments_call c SET status = 'locked', ended_at = now() WHERE c.id = mine.id AND answer = 'locked';
        PERFORM billing_hide_again() WHERE answer = 'locked';
    ELSE
        UPDATE payments_callcheck k SET "right" = true WHERE k.id = question.id;
        answer := CASE WHEN caller = ANY (accounts_session_own_files()) THEN 'own' ELSE 'yes' END;
    END IF;
    IF answer = 'yes' THEN
        PERFORM billing_hide_again();
        UPDATE payments_call c SET status = 'checked', taxpayer_id = caller, checked_until = now() + interval '1 hour'
        WHERE c.id = mine.id;
        PERFORM billing_show_to_pay(billing_bills_in_force(caller, 200), now() + interval '1 hour');
    END IF;
    PERFORM core_audit('call.caller_checked', 'call:' || mine.id, mine.officer_id, caller, '',
                       jsonb_build_object('answer', answer, 'wrong', CASE WHEN caller IS NULL THEN wrong ELSE wrong - 1 END),
                       '', '');
    RETURN answer;
END $$;

-- Whether these bills are the checked caller's, and not too many at once.
CREATE OR REPLACE FUNCTION payments_bills_of_caller(mine payments_call, bills bigint[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT mine.id IS NOT NULL AND cardinality(bills) BETWEEN 1 AND 50
           AND billing_count_of(mine.taxpayer_id, bills) = cardinality(bills);
$$;

-- What staff see of a telephone number.
CREATE OR REPLACE FUNCTION payments_telephone_shown(telephone text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT left(telephone, 3) || '-****-' || right(telephone, 4);
$$;

-- An agent sees their own calls, and what came of them.
GRANT SELECT ON payments_call, payments_paylink, payments_paylinkitem, payments_phonecall TO etax_office;
DROP POLICY IF EXISTS office_own ON payments_call;
CREATE POLICY office_own ON payments_call FOR SELECT TO etax_office
    USING (officer_id = (SELECT accounts_session_account()));
DROP POLICY IF EXISTS office_own ON payments_paylink;
CREATE POLICY office_own ON payments_paylink FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_call c WHERE c.id = call_id));
DROP POLICY IF EXISTS office_own ON payments_paylinkitem;
CREATE POLICY office_own ON payments_paylinkitem FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_paylink l WHERE l.id = link_id));
DROP POLICY IF EXISTS office_own ON payments_phonecall;
CREATE POLICY office_own ON payments_phonecall FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM payments_call c WHERE c.id = call_id));
SELECT core_open(name, 'etax_worker', 'SELECT')
FROM unnest(ARRAY['payments_call', 'payments_callcheck', 'payments_paylinkitem']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, UPDATE')
FROM unnest(ARRAY['payments_paylink', 'payments_phonecall']) AS name;

GRANT EXECUTE ON FUNCTION payments_begin_call(), payments_end_call(bigint),
    payments_ask_about_caller(bigint, text, text, date, bigint),
    payments_answer_about_caller(bigint, bigint, text, text, date, bigint) TO etax_office;
