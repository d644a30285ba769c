-- Which gateway serves a channel, and which of them rests because it does not answer.
SELECT core_secure('payments_gatewayhealth');
SELECT core_open('payments_gatewayhealth', role, 'SELECT') FROM unnest(ARRAY['etax_public', 'etax_office']) AS role;
SELECT core_open('payments_gatewayhealth', 'etax_worker', 'SELECT, UPDATE');
GRANT DELETE ON payments_gatewaychannel TO etax_office; -- an administrator writes a channel's order anew

-- What became of a question. After five in a row without an answer the gateway rests for two minutes; any answer ends it.
-- A taken public process could send a gateway to rest with this, as it could by not calling it.
CREATE OR REPLACE FUNCTION payments_note_gateway(name text, answered boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF answered THEN
        UPDATE payments_gatewayhealth h SET failures = 0, rests_until = NULL, probe_at = NULL, changed_at = now()
        WHERE h.gateway = name AND h.failures > 0;
        RETURN;
    END IF;
    INSERT INTO payments_gatewayhealth AS h (gateway, failures, changed_at)
    SELECT name, 1, now()
    WHERE name ~ '^[a-z0-9_]{1,40}$' AND 100 > (SELECT count(*) FROM payments_gatewayhealth x WHERE x.gateway <> name)
    ON CONFLICT (gateway) DO UPDATE SET
        failures = h.failures + 1, changed_at = now(),
        rests_until = CASE WHEN h.failures >= 4 THEN now() + interval '2 minutes' END,
        probe_at = CASE WHEN h.failures >= 4 THEN coalesce(h.probe_at, now() + interval '15 seconds') END;
END $$;

-- Hand an attempt over to the next gateway of its channel: only one that its first gateway never heard of, so that nothing
-- can have been taken there. Whether it heard, the caller says; an attempt that has a key there is refused in any case.
CREATE OR REPLACE FUNCTION payments_reroute(secret text, old_gateway text, new_gateway text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE payments_attempt a SET gateway = new_gateway
    WHERE a.token_hash = sha256(convert_to(secret, 'UTF8')) AND a.status = 'created' AND a.gateway = old_gateway
      AND a.gateway_key = '' AND a.asks = 0 AND EXISTS (
          SELECT FROM payments_gatewaychannel c
          WHERE c.channel = a.channel AND c.gateway = new_gateway AND c.enabled);
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION payments_note_gateway(text, boolean) TO etax_public, etax_worker;
GRANT EXECUTE ON FUNCTION payments_reroute(text, text, text) TO etax_public;
