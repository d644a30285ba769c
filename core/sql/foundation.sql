-- What every app's SQL builds on: closing tables, append-only tables, the outbox, the audit trail, the log.

-- Row-level security, forced also on the owner, whose functions (SECURITY DEFINER) are the only way around a policy.
CREATE OR REPLACE FUNCTION core_secure(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('DROP POLICY IF EXISTS owner_all ON %I', target);
    EXECUTE format('CREATE POLICY owner_all ON %I TO etax_owner USING (true) WITH CHECK (true)', target);
END $$;

-- Grant a role `privileges` on a whole table (the policy lets it see every row); for staff and jobs.
CREATE OR REPLACE FUNCTION core_open(target text, role_name text, privileges text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT %s ON %I TO %I', privileges, target, role_name);
    EXECUTE format('DROP POLICY IF EXISTS %I ON %I', role_name || '_all', target);
    EXECUTE format('CREATE POLICY %I ON %I TO %I USING (true) WITH CHECK (true)', role_name || '_all', target, role_name);
END $$;

CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Rows of an append-only table are never changed, removed or truncated, by anybody.
CREATE OR REPLACE FUNCTION core_append_only(target text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS append_only ON %I', target);
    EXECUTE format(
        'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()', target);
END $$;

-- The three writers below run as their caller (no SECURITY DEFINER): row-level security decides what the public
-- face may publish or claim, and lets an app's SECURITY DEFINER function do more on its behalf.
CREATE OR REPLACE FUNCTION core_publish(topic text, payload jsonb) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_event (topic, payload) VALUES (topic, payload);
$$;

CREATE OR REPLACE FUNCTION core_audit(
    action text, subject text, actor_id bigint, taxpayer_id bigint, reason text, details jsonb,
    address text, session_mark text
) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_auditrecord (login, action, subject, actor_id, taxpayer_id, reason, details, address, session_mark)
    VALUES (session_user, action, subject, actor_id, taxpayer_id, reason, details, address, session_mark);
$$;

CREATE OR REPLACE FUNCTION core_append_leaf(kind text, reference text, content jsonb) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_logleaf (kind, reference, content, salt)
    VALUES (kind, reference, content, uuid_send(gen_random_uuid()));
$$;
