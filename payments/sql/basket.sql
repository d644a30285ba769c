-- Several bills in one payment, one payment in several ways, and somebody who pays for another.
SELECT core_secure(name) FROM unnest(ARRAY['payments_basket', 'payments_basketitem']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['payments_basket', 'payments_basketitem']) AS name;
GRANT SELECT ON payments_basket, payments_basketitem TO etax_public;
REVOKE INSERT ON payments_basket, payments_basketitem FROM etax_public;
GRANT INSERT (account_id, session_mark, amount, created_at) ON payments_basket TO etax_public;
GRANT INSERT (basket_id, bill_id, amount) ON payments_basketitem TO etax_public;
GRANT INSERT (basket_id, payer) ON payments_attempt TO etax_public;
DROP POLICY IF EXISTS public_own ON payments_basket;
CREATE POLICY public_own ON payments_basket FOR SELECT TO etax_public USING (
    session_mark = (SELECT billing_session_mark()) OR account_id = (SELECT accounts_session_account())
);
DROP POLICY IF EXISTS public_begin ON payments_basket;
CREATE POLICY public_begin ON payments_basket FOR INSERT TO etax_public WITH CHECK (
    session_mark = (SELECT billing_session_mark())
    AND account_id IS NOT DISTINCT FROM (SELECT accounts_session_account())
);
DROP POLICY IF EXISTS public_own ON payments_basketitem;
CREATE POLICY public_own ON payments_basketitem FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM payments_basket k WHERE k.id = basket_id));
DROP POLICY IF EXISTS public_begin ON payments_basketitem;
CREATE POLICY public_begin ON payments_basketitem FOR INSERT TO etax_public WITH CHECK (
    EXISTS (SELECT FROM payments_basket k WHERE k.id = basket_id)
    AND EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id)
);
-- An attempt joins a basket of its own session or account only.
DROP POLICY IF EXISTS public_joins ON payments_attempt;
CREATE POLICY public_joins ON payments_attempt AS RESTRICTIVE FOR INSERT TO etax_public WITH CHECK (
    basket_id IS NULL OR EXISTS (SELECT FROM payments_basket k WHERE k.id = basket_id)
);

-- The basket of an attempt, as the holder of the payer's link is shown it.
CREATE OR REPLACE FUNCTION payments_basket_shown(of_basket bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', k.id, 'amount', k.amount,
        'bills', (SELECT jsonb_agg(x.bill_id ORDER BY x.id) FROM payments_basketitem x WHERE x.basket_id = k.id),
        'attempts', (SELECT jsonb_agg(jsonb_build_object('reference', o.reference, 'channel', o.channel,
                                                         'amount', o.amount, 'status', o.status) ORDER BY o.id)
                     FROM payments_attempt o WHERE o.basket_id = k.id))
    FROM payments_basket k WHERE k.id = of_basket);
END $$;

-- Who paid, as a receipt's facts say it beside the taxpayer; nothing where the taxpayer did.
CREATE OR REPLACE FUNCTION payments_payer_fact(payer text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN payer = '' THEN '{}'::jsonb ELSE jsonb_build_object('payer', jsonb_build_object('name', payer)) END;
$$;

-- The valid receipts that an attempt's money brought, for 30 days: one for each bill and each movement, and where a part was
-- taken back the one in its place.
CREATE OR REPLACE FUNCTION payments_receipts(of_attempt bigint)
RETURNS TABLE (document_id bigint, number text, status text, bill_id bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT d.id, d.number::text, d.status::text, i.bill_id
    FROM payments_payment p
    JOIN payments_attemptitem i ON i.attempt_id = p.attempt_id
    LEFT JOIN billing_billreplacement r ON r.old_id = i.bill_id
    CROSS JOIN LATERAL (VALUES (i.bill_id), (r.new_id)) AS b (id)
    CROSS JOIN LATERAL (
        SELECT '' AS after UNION ALL
        SELECT '/' || t.reversal_id || '.' || t.payment_id
        FROM payments_attemptitem j JOIN payments_payment q ON q.attempt_id = j.attempt_id
        JOIN payments_reversalpart t ON t.payment_id = q.id WHERE j.bill_id = i.bill_id
    ) AS s
    JOIN receipts_document d ON d.kind = 'payment' AND d.status IN ('requested', 'ready')
         AND d.reference = p.gateway || ':' || p.movement_id || '/' || b.id || s.after
    WHERE p.attempt_id = of_attempt AND p.received_at > now() - interval '30 days'
    ORDER BY p.id, i.id;
END $$;

-- The file of one of them, for the holder of the payer's link.
CREATE OR REPLACE FUNCTION payments_open_receipt(secret text, of_number text)
RETURNS TABLE (number text, status text, pdf bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT f.number, f.status, c.pdf
    FROM payments_attempt a
    CROSS JOIN LATERAL payments_receipts(a.id) AS f
    LEFT JOIN receipts_documentcontent c ON c.document_id = f.document_id AND f.status = 'ready'
    WHERE a.token_hash = sha256(convert_to(secret, 'UTF8')) AND f.number = of_number;
END $$;
GRANT EXECUTE ON FUNCTION payments_open_receipt(text, text) TO etax_public;
