-- What a worker checks while the person waits: a mobile identity, a claim to a record.

CREATE OR REPLACE FUNCTION accounts_keep_identity(token text, nonce text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint;
    new_id bigint;
BEGIN
    SELECT s.id INTO own FROM accounts_session s
    WHERE s.key_hash = accounts_hash(current_setting('etax.session', true)) AND s.face = 'public'
      AND accounts_face() = 'public' AND s.expires_at > now() AND NOT s.awaits_code;
    IF own IS NULL OR length(token) > 20000 OR accounts_too_often('identity', own::text, 20, interval '1 hour') THEN
        RETURN false;
    END IF;
    INSERT INTO accounts_identityreturn (session_id, token, nonce) VALUES (own, token, nonce) RETURNING id INTO new_id;
    PERFORM core_publish('accounts.identity_returned.v1', jsonb_build_object('return_id', new_id));
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION accounts_identity_status() RETURNS TABLE (status text, refusal text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.status::text, i.refusal::text
    FROM accounts_identityreturn i JOIN accounts_session s ON s.id = i.session_id
    WHERE s.key_hash = accounts_hash(current_setting('etax.session', true)) AND s.face = accounts_face()
    ORDER BY i.id DESC LIMIT 1;
$$;

CREATE OR REPLACE FUNCTION accounts_ask_claim(name text, sealed bytea, payment_number text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
    new_id bigint;
BEGIN
    IF own IS NULL OR length(sealed) > 1000 OR accounts_too_often('claim', own::text, 5, interval '1 day') THEN
        RETURN false;
    END IF;
    INSERT INTO accounts_claim (account_id, name, sealed_number, payment_number)
    VALUES (own, name, sealed, payment_number) RETURNING id INTO new_id;
    PERFORM core_publish('accounts.claim_asked.v1', jsonb_build_object('claim_id', new_id));
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION accounts_claim_status() RETURNS TABLE (status text, refusal text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.status::text, c.refusal::text FROM accounts_claim c
    WHERE c.account_id = accounts_session_account() ORDER BY c.id DESC LIMIT 1;
$$;
