-- Virtual accounts out of the city's own ranges (table `banks` of the city pack), for banks that only send files.
SELECT core_secure('payments_poolednumber'), core_open('payments_poolednumber', 'etax_worker', 'SELECT, INSERT, UPDATE');
GRANT SELECT ON payments_poolednumber TO etax_office;
DROP POLICY IF EXISTS office_of_the_city ON payments_poolednumber;
CREATE POLICY office_of_the_city ON payments_poolednumber FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));

-- A number for an order: the one it has, else one that has rested, else one that nobody ever had, drawn by chance so that no
-- payer waits for another. {"number", "expires_at"}, or NULL: the bank has no range, or none of it is free. The public
-- face gets one only for an order that it has begun at this gateway.
CREATE OR REPLACE FUNCTION payments_take_number(
    of_gateway text, of_bank text, of_reference text, of_amount bigint, until timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    pack jsonb;
    rest interval;
    range jsonb;
    taken payments_poolednumber%ROWTYPE;
BEGIN
    IF session_user = 'etax_public' AND NOT EXISTS (
        SELECT FROM payments_attempt a WHERE a.reference = of_reference AND a.gateway = of_gateway
        AND a.bank = of_bank AND a.amount = of_amount AND a.status = 'created' AND until <= now() + interval '60 days'
    ) THEN
        RAISE EXCEPTION 'no such order' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO taken FROM payments_poolednumber n WHERE n.gateway = of_gateway AND n.reference = of_reference;
    IF taken.id IS NOT NULL THEN
        RETURN jsonb_build_object('number', taken.number, 'expires_at', taken.expires_at);
    END IF;
    SELECT t.body INTO pack FROM billing_datedtable t
    WHERE t.name = 'banks' AND t.valid_from <= billing_local_date(now())
      AND (t.valid_to IS NULL OR billing_local_date(now()) <= t.valid_to);
    SELECT b.bank -> 'numbers' INTO range FROM jsonb_array_elements(pack -> 'banks') AS b(bank)
    WHERE b.bank ->> 'code' = of_bank;
    IF range IS NULL THEN
        RETURN NULL;
    END IF;
    rest := make_interval(days => (pack ->> 'rest_days')::integer);
    UPDATE payments_poolednumber n
    SET gateway = of_gateway, reference = of_reference, amount = of_amount, issued_at = now(), expires_at = until,
        rests_until = until + rest
    WHERE n.id = (SELECT r.id FROM payments_poolednumber r WHERE r.bank = of_bank AND r.rests_until < now()
                  ORDER BY r.rests_until LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING * INTO taken;
    FOR attempt IN 1..50 LOOP
        EXIT WHEN taken.id IS NOT NULL;
        INSERT INTO payments_poolednumber (gateway, bank, number, reference, amount, expires_at, rests_until)
        VALUES (of_gateway, of_bank, lpad(((range ->> 'first')::bigint
                    + floor(random() * (range ->> 'count')::bigint)::bigint)::text, length(range ->> 'first'), '0'),
                of_reference, of_amount, until, until + rest)
        ON CONFLICT DO NOTHING RETURNING * INTO taken;
    END LOOP;
    RETURN CASE WHEN taken.id IS NOT NULL
                THEN jsonb_build_object('number', taken.number, 'expires_at', taken.expires_at) END;
END $$;

-- What stands here of an order, or NULL: {"number", "bank", "amount", "expires_at", "kept", "movements": [{"id", "kind",
-- "amount", "at", "of"}]}; what the bank took back follows what had come.
CREATE OR REPLACE FUNCTION payments_number_of(of_gateway text, of_reference text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH came AS (
        SELECT p.* FROM payments_payment p JOIN payments_attempt a ON a.id = p.attempt_id
        WHERE a.reference = of_reference AND a.gateway = of_gateway AND p.kind = 'deposit'
    ), movements AS (
        SELECT p.id AS place, jsonb_build_object('id', p.movement_id, 'kind', p.kind, 'amount', p.amount,
                                                 'at', p.approved_at, 'of', '') AS told
        FROM came p
        UNION ALL
        SELECT NULL, jsonb_build_object('id', r.movement_id, 'kind', r.kind, 'amount', sum(part.amount), 'at', r.moved_at,
                                        'of', min(p.movement_id))
        FROM came p
        JOIN payments_reversalpart part ON part.payment_id = p.id
        JOIN payments_reversal r ON r.id = part.reversal_id
        GROUP BY r.id
    )
    SELECT jsonb_build_object('number', n.number, 'bank', n.bank, 'amount', n.amount, 'expires_at', n.expires_at,
        'movements', (SELECT coalesce(jsonb_agg(m.told ORDER BY m.place NULLS LAST, m.told ->> 'at', m.told ->> 'id'), '[]')
                      FROM movements m),
        'kept', (SELECT coalesce(sum(payments_kept(a.id)), 0) FROM payments_attempt a
                 WHERE a.reference = of_reference AND a.gateway = of_gateway))
    FROM payments_poolednumber n WHERE n.gateway = of_gateway AND n.reference = of_reference;
$$;

-- The number takes no more money for its order; it begins to rest. False: nobody has it.
CREATE OR REPLACE FUNCTION payments_close_number(of_gateway text, of_reference text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE payments_poolednumber n
    SET expires_at = least(n.expires_at, now()), rests_until = n.rests_until - (n.expires_at - least(n.expires_at, now()))
    WHERE n.gateway = of_gateway AND n.reference = of_reference RETURNING true;
$$;
GRANT EXECUTE ON FUNCTION payments_take_number(text, text, text, bigint, timestamptz) TO etax_public, etax_worker;
GRANT EXECUTE ON FUNCTION payments_number_of(text, text), payments_close_number(text, text) TO etax_worker;

-- A deposit finds its bill by the number: the public face writes down only what the pool gave to this very order, now.
CREATE OR REPLACE FUNCTION payments_check_pooled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user = 'etax_public' AND EXISTS (
        SELECT FROM payments_attempt a WHERE a.id = NEW.attempt_id AND a.gateway LIKE 'statement:%' AND NOT EXISTS (
            SELECT FROM payments_poolednumber n WHERE n.gateway = a.gateway AND n.reference = a.reference
            AND n.number = NEW.number AND n.bank = NEW.bank)
    ) THEN
        RAISE EXCEPTION 'not the number of this order' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_pooled ON payments_virtualaccount;
CREATE TRIGGER check_pooled BEFORE INSERT ON payments_virtualaccount
    FOR EACH ROW EXECUTE FUNCTION payments_check_pooled();
