-- Whose session is this? The public face's policies ask these two; the secret is the transaction's `etax.session`.
CREATE OR REPLACE FUNCTION accounts_session_account() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT NULL::bigint $$;

CREATE OR REPLACE FUNCTION accounts_session_taxpayers() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT '{}'::bigint[] $$;

GRANT EXECUTE ON FUNCTION accounts_session_account(), accounts_session_taxpayers() TO etax_public;
