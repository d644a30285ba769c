-- Attempts: what follows from their state, and what the public face may do with the one whose secret it holds.

-- A bill is free for another attempt of the channel as soon as this one has ended. One look for all attempts of a statement.
CREATE OR REPLACE FUNCTION payments_follow_attempt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE payments_attemptitem i SET live = false FROM changed c
    WHERE i.attempt_id = c.id AND i.live AND c.status NOT IN ('created', 'waiting', 'confirming');
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS follow_attempt ON payments_attempt;
CREATE TRIGGER follow_attempt AFTER UPDATE ON payments_attempt REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION payments_follow_attempt();

-- What settling must know of an order: {"attempt_id", "amount", "already", "known", "items": [{"bill_id", "amount"}]};
-- `known`: this movement of money stands in the books.
CREATE OR REPLACE FUNCTION payments_order(of_gateway text, of_reference text, of_movement text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'attempt_id', a.id, 'amount', a.amount,
        'known', EXISTS (SELECT FROM payments_payment p WHERE p.gateway = of_gateway AND p.movement_id = of_movement),
        'already', payments_kept(a.id),
        'items', (SELECT jsonb_agg(jsonb_build_object('bill_id', i.bill_id, 'amount', i.amount) ORDER BY i.id)
                  FROM payments_attemptitem i WHERE i.attempt_id = a.id))
    FROM payments_attempt a WHERE a.reference = of_reference AND a.gateway = of_gateway);
END $$;

-- What the bills of an attempt owe today; nothing where they are cancelled, or others stand in their place.
CREATE OR REPLACE FUNCTION payments_still_owed(of_attempt bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT coalesce(sum(greatest(o.amount - o.tax_paid, 0) + greatest(o.surcharge - o.surcharge_paid, 0)), 0)
        FROM billing_owed(ARRAY(SELECT i.bill_id FROM payments_attemptitem i WHERE i.attempt_id = of_attempt),
                          billing_local_date(now())) o
        JOIN billing_bill b ON b.id = o.bill_id AND b.status = 'issued');
END $$;

-- What the holder of a link is shown. Takes the secret, not its hash: whoever reads the hashes can't use them.
CREATE OR REPLACE FUNCTION payments_by_secret(secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'reference', a.reference, 'channel', a.channel, 'gateway', a.gateway, 'amount', a.amount, 'status', a.status,
        'gateway_key', a.gateway_key, 'page_url', a.page_url, 'expires_at', a.expires_at, 'created_at', a.created_at,
        'paid_at', a.paid_at, 'payer', a.payer, 'basket', payments_basket_shown(a.basket_id), 'receipts', (
            SELECT jsonb_agg(jsonb_build_object('number', r.number, 'status', r.status, 'bill_id', r.bill_id))
            FROM payments_receipts(a.id) r),
        'bank', coalesce(v.bank, a.bank), 'number', coalesce(v.number, ''),
        'received', payments_kept(a.id), 'excess', coalesce(p.excess, 0),
        'owed', CASE WHEN v.id IS NOT NULL AND a.status = 'waiting' THEN payments_still_owed(a.id) END,
        'taken', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', r.moved_at, 'amount', t.amount, 'kind', r.kind)
                                            ORDER BY r.moved_at, t.id), '[]')
                  FROM payments_payment q JOIN payments_reversalpart t ON t.payment_id = q.id
                  JOIN payments_reversal r ON r.id = t.reversal_id WHERE q.attempt_id = a.id),
        'items', (SELECT jsonb_agg(jsonb_build_object(
                      'bill_id', i.bill_id, 'amount', i.amount, 'epay_number', b.epay_number,
                      'tax_ko', t.name_ko, 'tax_en', t.name_en, 'tax', b.tax_id, 'year', b.tax_year,
                      'term', b.term,
                      'body_ko', y.name_ko, 'body_en', y.name_en) ORDER BY i.id)
                  FROM payments_attemptitem i
                  JOIN billing_bill b ON b.id = i.bill_id JOIN billing_taxtype t ON t.code = b.tax_id
                  JOIN accounts_levyingbody y ON y.code = b.body_id
                  WHERE i.attempt_id = a.id))
    FROM payments_attempt a
    LEFT JOIN payments_virtualaccount v ON v.attempt_id = a.id
    LEFT JOIN LATERAL (SELECT sum(h.excess) AS excess FROM payments_payment q
                       JOIN payments_attemptitem i ON i.attempt_id = q.attempt_id
                       CROSS JOIN LATERAL billing_held(i.bill_id, q.gateway || ':' || q.movement_id) AS h
                       WHERE q.attempt_id = a.id) AS p ON true
    WHERE a.token_hash = sha256(convert_to(secret, 'UTF8')));
END $$;

-- The steps that the public face takes, for the holder of the secret: never to `paid`, never from an end.
-- Answers whether this call moved it. `changes`: {"gateway_key", "page_url", "expires_at", "ask_at", "failure", "bank",
-- "number", "secret_hash"}.
CREATE OR REPLACE FUNCTION payments_advance(secret text, old_status text, new_status text, changes jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved payments_attempt%ROWTYPE;
BEGIN
    IF (old_status, new_status) NOT IN (
        ('created', 'waiting'), ('created', 'declined'), ('waiting', 'confirming'), ('waiting', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'no way from % to % here', old_status, new_status USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE payments_attempt a SET
        status = new_status,
        gateway_key = coalesce(changes ->> 'gateway_key', a.gateway_key),
        page_url = coalesce(changes ->> 'page_url', a.page_url),
        failure = coalesce(changes ->> 'failure', a.failure),
        expires_at = CASE WHEN changes ->> 'expires_at' IS NULL THEN a.expires_at ELSE
            greatest(least((changes ->> 'expires_at')::timestamptz, now() + interval '60 days'), a.created_at) END,
        ask_at = CASE WHEN changes ? 'ask_at'
                 THEN greatest(least((changes ->> 'ask_at')::timestamptz, now() + interval '60 days'), a.created_at) ELSE a.ask_at END
    WHERE a.token_hash = sha256(convert_to(secret, 'UTF8')) AND a.status = old_status
    RETURNING * INTO moved;
    IF moved.id IS NULL THEN
        RETURN false;
    END IF;
    IF changes ? 'number' THEN
        INSERT INTO payments_virtualaccount (attempt_id, bank, number, expires_at, secret_hash)
        VALUES (moved.id, changes ->> 'bank', changes ->> 'number', moved.expires_at,
                decode(changes ->> 'secret_hash', 'hex'));
    END IF;
    RETURN true;
END $$;
