-- Sessions. A browser holds a random secret, the table its hash; no face has a right on the table, only these functions.

-- The face that is signed in, by its login: a function's caller can't say it is another one.
CREATE OR REPLACE FUNCTION accounts_face() RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE session_user WHEN 'etax_public' THEN 'public' WHEN 'etax_office' THEN 'office' END;
$$;

CREATE OR REPLACE FUNCTION accounts_hash(secret text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(convert_to(secret, 'UTF8')), 'hex');
$$;

-- How long a session lasts when nothing is done, and at the longest.
CREATE OR REPLACE FUNCTION accounts_session_end(face text, created_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(
        now() + CASE face WHEN 'office' THEN interval '20 minutes' ELSE interval '30 minutes' END,
        created_at + interval '10 hours');
$$;

-- Whose session is this? Policies of the public and office faces ask. NULL: nobody is signed in.
CREATE OR REPLACE FUNCTION accounts_session_account() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.account_id FROM accounts_session s JOIN accounts_account a ON a.id = s.account_id
    WHERE s.key_hash = accounts_hash(current_setting('etax.session', true))
      AND s.face = accounts_face() AND s.expires_at > now() AND NOT s.awaits_code AND a.is_active;
$$;

-- The same, also between password and one-time code: for the tables of the second factor.
CREATE OR REPLACE FUNCTION accounts_session_person() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.account_id FROM accounts_session s JOIN accounts_account a ON a.id = s.account_id
    WHERE s.key_hash = accounts_hash(current_setting('etax.session', true))
      AND s.face = accounts_face() AND s.expires_at > now() AND a.is_active;
$$;

-- Records that the signed-in citizen may see: their own, and with a verified identity those they hold authority over.
CREATE OR REPLACE FUNCTION accounts_session_taxpayers() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH person AS (
        SELECT a.taxpayer_id, a.assurance FROM accounts_account a
        WHERE a.id = accounts_session_account() AND a.kind = 'citizen' AND a.taxpayer_id IS NOT NULL
    ), today AS (SELECT (now() AT TIME ZONE accounts_time_zone())::date AS day)
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT p.taxpayer_id AS id FROM person p
        UNION
        SELECT h.principal_id FROM accounts_authority h JOIN person p ON p.taxpayer_id = h.agent_id, today
        WHERE p.assurance = 2 AND h.revoked_at IS NULL
          AND h.starts_on <= today.day AND (h.ends_on IS NULL OR h.ends_on >= today.day)
    ) AS mine;
$$;

-- Whether the signed-in officer does nothing but answer calls: then no file is theirs to see but that of a caller who was
-- checked, for as long as the call lasts.
CREATE OR REPLACE FUNCTION accounts_session_only_answers_calls() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(bool_and(g.role = 'call_agent'), false) FROM accounts_rolegrant g
    WHERE g.officer_id = accounts_session_account() AND g.granted_at IS NOT NULL AND g.ended_at IS NULL;
$$;

-- Levying bodies whose affairs the signed-in officer sees: their own, or all if it is the city.
CREATE OR REPLACE FUNCTION accounts_session_bodies() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(b.code), '{}')
    FROM accounts_officer o JOIN accounts_levyingbody own ON own.code = o.body_id
    JOIN accounts_levyingbody b ON own.kind = 'city' OR b.code = own.code
    WHERE o.account_id = accounts_session_account() AND NOT accounts_session_only_answers_calls();
$$;

-- Whether the signed-in officer is the city's and so sees every district's affairs.
CREATE OR REPLACE FUNCTION accounts_session_of_the_city() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_officer o JOIN accounts_levyingbody own ON own.code = o.body_id
                   WHERE o.account_id = accounts_session_account() AND own.kind = 'city')
           AND NOT accounts_session_only_answers_calls();
$$;

-- Records that the signed-in officer may not touch: their own and their declared relatives'.
CREATE OR REPLACE FUNCTION accounts_session_own_files() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT a.taxpayer_id AS id FROM accounts_account a WHERE a.id = accounts_session_account()
        UNION
        SELECT r.taxpayer_id FROM accounts_relative r WHERE r.officer_id = accounts_session_account()
    ) AS own WHERE id IS NOT NULL;
$$;

-- Whether the signed-in officer keeps records: assessors and collectors do.
CREATE OR REPLACE FUNCTION accounts_session_keeps_records() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM accounts_rolegrant g
                   WHERE g.officer_id = accounts_session_account() AND g.role IN ('assessor', 'collector')
                     AND g.granted_at IS NOT NULL AND g.ended_at IS NULL);
$$;

-- Read a session by its secret and who it speaks for; a read keeps it alive.
CREATE OR REPLACE FUNCTION accounts_load_session(secret text) RETURNS TABLE (
    data text, account_id bigint, awaits_code boolean, code_at timestamptz, email text, kind text, assurance smallint,
    taxpayer_id bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE accounts_session s
    SET seen_at = now(), expires_at = accounts_session_end(s.face, s.created_at)
    WHERE s.key_hash = accounts_hash(secret) AND s.face = accounts_face()
      AND s.expires_at > now() AND s.seen_at < now() - interval '1 minute';
    RETURN QUERY
    SELECT s.data, a.id, s.awaits_code, s.code_at, a.email::text, a.kind::text, a.assurance, a.taxpayer_id
    FROM accounts_session s LEFT JOIN accounts_account a ON a.id = s.account_id AND a.is_active
    WHERE s.key_hash = accounts_hash(secret) AND s.face = accounts_face() AND s.expires_at > now();
END $$;

-- Keep a session's data; a secret that is new opens a session that nobody is signed in to. Visitors' sessions are small,
-- and at most 12,000 are opened in a minute (a city's busiest hour has a tenth of that), so that a process that was taken
-- can't fill the disk with them; they end after half an hour.
CREATE OR REPLACE FUNCTION accounts_save_session(secret text, data text, address text, agent text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF accounts_face() IS NULL OR length(secret) < 32 OR length(accounts_save_session.data) > 65536 THEN
        RAISE EXCEPTION 'no such session can be kept' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE accounts_session s SET data = accounts_save_session.data
    WHERE s.key_hash = accounts_hash(secret) AND s.face = accounts_face() AND s.expires_at > now()
      AND (s.account_id IS NOT NULL OR length(accounts_save_session.data) <= 4096);
    IF FOUND THEN
        RETURN;
    END IF;
    IF length(accounts_save_session.data) > 4096 OR 12000 <= (
           SELECT count(*) FROM accounts_session s
           WHERE s.account_id IS NULL AND s.created_at > now() - interval '1 minute') THEN
        RAISE EXCEPTION 'no more visitors'' sessions for now' USING ERRCODE = 'configuration_limit_exceeded';
    END IF;
    INSERT INTO accounts_session AS s (key_hash, face, data, awaits_code, expires_at, address, agent)
    VALUES (accounts_hash(secret), accounts_face(), accounts_save_session.data, false,
            accounts_session_end(accounts_face(), now()), left(accounts_save_session.address, 64),
            left(accounts_save_session.agent, 200))
    ON CONFLICT (key_hash) DO UPDATE SET data = excluded.data
    WHERE s.face = excluded.face AND s.expires_at > now();
END $$;

CREATE OR REPLACE FUNCTION accounts_delete_session(secret text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM accounts_session s WHERE s.key_hash = accounts_hash(secret) AND s.face = accounts_face();
$$;

-- The same session under a new secret.
CREATE OR REPLACE FUNCTION accounts_rotate_session(old_secret text, new_secret text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE accounts_session s SET key_hash = accounts_hash(new_secret)
    WHERE s.key_hash = accounts_hash(old_secret) AND s.face = accounts_face() AND s.expires_at > now()
      AND length(new_secret) >= 32;
    RETURN FOUND;
END $$;

-- The signed-in person's open sessions, for them to look at.
CREATE OR REPLACE FUNCTION accounts_my_sessions() RETURNS TABLE (
    id bigint, created_at timestamptz, seen_at timestamptz, address text, agent text, current boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.created_at, s.seen_at, s.address::text, s.agent::text,
           s.key_hash = accounts_hash(current_setting('etax.session', true))
    FROM accounts_session s
    WHERE s.account_id = accounts_session_account() AND s.face = accounts_face() AND s.expires_at > now()
    ORDER BY s.seen_at DESC;
$$;

-- Sign out elsewhere: one other session of the signed-in person, or (NULL) all of them but this one.
CREATE OR REPLACE FUNCTION accounts_end_my_sessions(only_id bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM accounts_session s
    WHERE s.account_id = accounts_session_account() AND (only_id IS NULL OR s.id = only_id)
      AND s.key_hash <> accounts_hash(current_setting('etax.session', true));
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

