-- A card typed on telephone keys: the agent's process writes the attempt and reads how it stands; only the worker, which has
-- the gateway's key and opens the telephone number, has the gateway call.

-- `facts`: {"reference", "gateway", "amount", "language", "form_key"}; `items`: [{"bill_id", "amount"}]. Answer: the attempt's
-- reference (of a form sent twice, the same), '' where this telephone was called too often (5 in the hour), or NULL where these
-- are not the bills of the caller who was checked.
CREATE OR REPLACE FUNCTION payments_begin_by_keys(
    of_call bigint, facts jsonb, items jsonb, telephone text, sealed bytea, token bytea, at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine payments_call := payments_my_call(of_call, true);
    made payments_attempt;
    bills bigint[] := ARRAY(SELECT (i ->> 'bill_id')::bigint FROM jsonb_array_elements(items) AS i);
BEGIN
    SELECT * INTO made FROM payments_attempt a
    WHERE a.session_mark = 'call:' || mine.id AND a.idempotency_key = facts ->> 'form_key';
    IF made.id IS NOT NULL THEN
        RETURN made.reference;
    END IF;
    IF NOT payments_bills_of_caller(mine, bills) OR telephone !~ '^0[0-9]{8,10}$' OR octet_length(sealed) > 1000
       OR at NOT BETWEEN now() - interval '1 day' AND now() + interval '1 day'
       OR (facts ->> 'amount')::bigint IS DISTINCT FROM (
           SELECT sum((i ->> 'amount')::bigint) FROM jsonb_array_elements(items) AS i) THEN
        RETURN NULL;
    END IF;
    IF accounts_too_often('pay_by_keys', telephone, 5, interval '1 hour') THEN
        RETURN '';
    END IF;
    INSERT INTO payments_attempt (reference, channel, gateway, amount, status, session_mark, idempotency_key, language,
                                  token_hash, bank, gateway_key, page_url, failure, expires_at, created_at, ask_at, asks)
    VALUES (facts ->> 'reference', 'ars', facts ->> 'gateway', (facts ->> 'amount')::bigint, 'created', 'call:' || mine.id,
            facts ->> 'form_key', facts ->> 'language', token, '', '', '', '', at + interval '10 minutes', at, at, 0)
    RETURNING * INTO made;
    INSERT INTO payments_attemptitem (attempt_id, bill_id, channel, amount, live)
    SELECT made.id, (i ->> 'bill_id')::bigint, 'ars', (i ->> 'amount')::bigint, true FROM jsonb_array_elements(items) AS i;
    INSERT INTO payments_phonecall (attempt_id, call_id, telephone_shown, sealed_telephone)
    VALUES (made.id, mine.id, payments_telephone_shown(telephone), sealed);
    PERFORM core_audit('call.keys_asked', 'attempt:' || made.reference, mine.officer_id, mine.taxpayer_id, '',
                       jsonb_build_object('call', mine.id, 'bills', bills, 'amount', made.amount,
                                          'telephone', payments_telephone_shown(telephone)), '', '');
    PERFORM core_publish('payments.keys_asked.v1', jsonb_build_object('attempt_id', made.id));
    RETURN made.reference;
END $$;

-- The agent gives it up before the payer agreed. Nothing is taken any more: money is taken only when we confirm.
CREATE OR REPLACE FUNCTION payments_stop_keys(of_reference text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE payments_attempt a SET status = 'cancelled', ask_at = NULL
    WHERE a.reference = of_reference AND a.channel = 'ars' AND a.status = 'waiting' AND EXISTS (
        SELECT FROM payments_phonecall p JOIN payments_call c ON c.id = p.call_id
        WHERE p.attempt_id = a.id AND c.officer_id = accounts_session_account());
    PERFORM core_audit('call.keys_stopped', 'attempt:' || of_reference, accounts_session_account(), NULL, '', '{}', '', '')
    WHERE FOUND;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION payments_begin_by_keys(bigint, jsonb, jsonb, text, bytea, bytea, timestamptz),
    payments_stop_keys(text) TO etax_office;
