-- The usual case in one round trip: a movement of exactly what was asked for, and nothing came before it. Then each bill gets
-- what was promised to it, and no rule has anything to decide. Whatever is not so writes nothing, and is decided by
-- payments.rules: {"outcome": "inexact", "order": what payments_order says}.
CREATE OR REPLACE FUNCTION payments_settle_exactly(
    of_gateway text, of_reference text, movement jsonb, of_message bigint, at timestamptz
) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    asked jsonb := payments_order(of_gateway, of_reference, movement ->> 'id');
    answer jsonb;
BEGIN
    IF (asked -> 'amount', asked -> 'already', asked -> 'known') IS DISTINCT FROM (movement -> 'amount', '0'::jsonb, 'false'::jsonb)
    THEN
        RETURN jsonb_build_object('outcome', 'inexact', 'order', asked);
    END IF;
    answer := payments_settle(of_gateway, (asked ->> 'attempt_id')::bigint, 0, movement, asked -> 'items', of_message, at);
    IF answer ->> 'outcome' = 'stale' THEN -- other money came between the two
        RETURN jsonb_build_object('outcome', 'inexact', 'order', payments_order(of_gateway, of_reference, movement ->> 'id'));
    END IF;
    RETURN answer;
END $$;
GRANT EXECUTE ON FUNCTION payments_settle_exactly(text, text, jsonb, bigint, timestamptz) TO etax_intake, etax_worker;
