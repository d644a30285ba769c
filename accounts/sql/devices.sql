-- Browsers on which somebody has signed in before. A browser holds a random secret, the table its hash, and no face has a
-- right on the table. It opens nothing: it only says whose wrong passwords are counted where.
SELECT core_secure('accounts_device');
SELECT core_open('accounts_device', 'etax_worker', 'SELECT, DELETE');
ALTER TABLE accounts_attempt ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint;

CREATE OR REPLACE FUNCTION accounts_knows_device(email text, device text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM accounts_device d JOIN accounts_account a ON a.id = d.account_id
        WHERE d.secret_hash = accounts_hash(device) AND a.email = accounts_knows_device.email
          AND a.kind = accounts_kind_of_face());
$$;

-- Remember the browser of the person who is signed in, ten for each; false: it is known already.
CREATE OR REPLACE FUNCTION accounts_remember_device(known text, fresh text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
BEGIN
    UPDATE accounts_device d SET seen_at = now() WHERE d.account_id = own AND d.secret_hash = accounts_hash(known);
    IF FOUND OR own IS NULL OR length(fresh) < 32 THEN
        RETURN false;
    END IF;
    INSERT INTO accounts_device (account_id, secret_hash) VALUES (own, accounts_hash(fresh));
    DELETE FROM accounts_device d WHERE d.account_id = own AND d.id NOT IN (
        SELECT n.id FROM accounts_device n WHERE n.account_id = own ORDER BY n.seen_at DESC, n.id DESC LIMIT 10);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION accounts_knows_device(text, text), accounts_remember_device(text, text)
    TO etax_public, etax_office;
