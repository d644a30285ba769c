-- What the office's login may do with people and offices: nothing without an officer's session; with one, what its levying
-- body deals with (the city: everything), and never the officer's own or a declared relative's file.
SELECT core_secure('accounts_taxpayerbody');
SELECT core_open('accounts_taxpayerbody', 'etax_worker', 'SELECT, INSERT');

-- A levying body deals with these taxpayers from now on; so it does with those who act for them.
CREATE OR REPLACE FUNCTION accounts_deal_with(taxpayers bigint[], body text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO accounts_taxpayerbody (taxpayer_id, body_id)
    SELECT known.id, accounts_deal_with.body FROM (
        SELECT unnest(taxpayers) AS id
        UNION
        SELECT h.agent_id FROM accounts_authority h WHERE h.principal_id = ANY (taxpayers)
    ) AS known ORDER BY known.id
    ON CONFLICT DO NOTHING;
$$;

CREATE OR REPLACE FUNCTION accounts_follow_authority() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO accounts_taxpayerbody (taxpayer_id, body_id)
    SELECT NEW.agent_id, d.body_id FROM accounts_taxpayerbody d WHERE d.taxpayer_id = NEW.principal_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS follow_authority ON accounts_authority;
CREATE TRIGGER follow_authority AFTER INSERT ON accounts_authority
    FOR EACH ROW EXECUTE FUNCTION accounts_follow_authority();

-- A record opened at a counter (co-owners, an estate); the officer's body deals with it.
CREATE OR REPLACE FUNCTION accounts_open_record(kind text, name text, birth_date date, email text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    opened bigint;
BEGIN
    IF NOT accounts_session_keeps_records() THEN
        RAISE EXCEPTION 'records are opened by assessors and collectors' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO accounts_taxpayer (kind, name, birth_date, email)
    VALUES (accounts_open_record.kind, accounts_open_record.name, accounts_open_record.birth_date,
            accounts_open_record.email)
    RETURNING id INTO opened;
    PERFORM accounts_deal_with(ARRAY[opened], o.body_id) FROM accounts_officer o
    WHERE o.account_id = accounts_session_account();
    RETURN opened;
END $$;

-- The record of whoever shall act for somebody, found by the e-mail address of an account whose identity is verified.
CREATE OR REPLACE FUNCTION accounts_agent_with(email text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user = 'etax_office' AND (
           NOT accounts_session_keeps_records()
           OR accounts_too_often('agent', accounts_session_account()::text, 60, interval '1 hour')) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT a.taxpayer_id FROM accounts_account a
            WHERE a.email = accounts_agent_with.email AND a.assurance = 2 AND a.is_active);
END $$;

-- Offices and officers: every officer may know who works where; who may do what is their administrators' business.
GRANT SELECT ON accounts_taxpayerbody, accounts_officer, accounts_rolegrant, accounts_relative TO etax_office;
GRANT SELECT (id, email, kind, assurance, is_active, taxpayer_id, created_at) ON accounts_account TO etax_office;
GRANT INSERT (email, kind, assurance, is_active, password, taxpayer_id, created_at) ON accounts_account TO etax_office;
GRANT INSERT ON accounts_officer, accounts_rolegrant, accounts_relative TO etax_office;
GRANT UPDATE ON accounts_rolegrant TO etax_office;

DROP POLICY IF EXISTS office_own ON accounts_taxpayerbody;
CREATE POLICY office_own ON accounts_taxpayerbody FOR SELECT TO etax_office
    USING (body_id = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_reads ON accounts_account;
CREATE POLICY office_reads ON accounts_account FOR SELECT TO etax_office
    USING (kind = 'officer' AND (SELECT accounts_session_account()) IS NOT NULL);
DROP POLICY IF EXISTS office_appoints ON accounts_account;
CREATE POLICY office_appoints ON accounts_account FOR INSERT TO etax_office
    WITH CHECK (kind = 'officer' AND password = '' AND taxpayer_id IS NULL
                AND (SELECT accounts_session_has_role('administrator')));
DROP POLICY IF EXISTS office_reads ON accounts_officer;
CREATE POLICY office_reads ON accounts_officer FOR SELECT TO etax_office
    USING ((SELECT accounts_session_account()) IS NOT NULL);
DROP POLICY IF EXISTS office_appoints ON accounts_officer;
CREATE POLICY office_appoints ON accounts_officer FOR INSERT TO etax_office
    WITH CHECK ((SELECT accounts_session_has_role('administrator'))
                AND body_id = ANY ((SELECT accounts_session_bodies())::text[]));
-- Who may change a role is the trigger's in roles.sql.
DROP POLICY IF EXISTS office_reads ON accounts_rolegrant;
CREATE POLICY office_reads ON accounts_rolegrant TO etax_office
    USING ((SELECT accounts_session_account()) IS NOT NULL);
DROP POLICY IF EXISTS office_own ON accounts_relative;
CREATE POLICY office_own ON accounts_relative TO etax_office
    USING (officer_id = (SELECT accounts_session_account()));

-- Records: seen by the bodies that deal with them, changed by who keeps records, never by who is near to them.
GRANT SELECT, UPDATE ON accounts_taxpayer TO etax_office;
REVOKE INSERT ON accounts_taxpayer FROM etax_office;
GRANT SELECT, INSERT, UPDATE ON accounts_taxpayeraddress TO etax_office;
GRANT SELECT, INSERT ON accounts_authority TO etax_office;
GRANT UPDATE (revoked_by_id, revoked_at, revoked_reason) ON accounts_authority TO etax_office;
REVOKE SELECT ON accounts_claim FROM etax_office;

DROP POLICY IF EXISTS office_reads ON accounts_taxpayer;
CREATE POLICY office_reads ON accounts_taxpayer FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city())
           OR EXISTS (SELECT FROM accounts_taxpayerbody d WHERE d.taxpayer_id = id));
DROP POLICY IF EXISTS office_keeps ON accounts_taxpayer;
CREATE POLICY office_keeps ON accounts_taxpayer FOR UPDATE TO etax_office -- one that reads no column is not asked to SELECT
    USING (((SELECT accounts_session_of_the_city())
            OR EXISTS (SELECT FROM accounts_taxpayerbody d WHERE d.taxpayer_id = id))
           AND (SELECT accounts_session_keeps_records()) AND id <> ALL ((SELECT accounts_session_own_files())::bigint[]));

DROP POLICY IF EXISTS office_reads ON accounts_taxpayeraddress;
CREATE POLICY office_reads ON accounts_taxpayeraddress FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = taxpayer_id));
DROP POLICY IF EXISTS office_keeps ON accounts_taxpayeraddress;
CREATE POLICY office_keeps ON accounts_taxpayeraddress TO etax_office
    USING ((SELECT accounts_session_keeps_records())
           AND EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = taxpayer_id));
DROP POLICY IF EXISTS office_not_own ON accounts_taxpayeraddress;
CREATE POLICY office_not_own ON accounts_taxpayeraddress AS RESTRICTIVE FOR INSERT TO etax_office
    WITH CHECK (taxpayer_id <> ALL ((SELECT accounts_session_own_files())::bigint[]));
DROP POLICY IF EXISTS office_changes_not_own ON accounts_taxpayeraddress;
CREATE POLICY office_changes_not_own ON accounts_taxpayeraddress AS RESTRICTIVE FOR UPDATE TO etax_office
    USING (taxpayer_id <> ALL ((SELECT accounts_session_own_files())::bigint[]));

-- An authority is seen with its principal. Nobody gives one over their own file, nor one to themselves.
DROP POLICY IF EXISTS office_reads ON accounts_authority;
CREATE POLICY office_reads ON accounts_authority FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = principal_id));
DROP POLICY IF EXISTS office_records ON accounts_authority;
CREATE POLICY office_records ON accounts_authority FOR INSERT TO etax_office
    WITH CHECK (recorded_by_id = (SELECT accounts_session_account()) AND (SELECT accounts_session_keeps_records())
                AND EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = principal_id)
                AND NOT ARRAY[principal_id, agent_id] && (SELECT accounts_session_own_files())::bigint[]);
DROP POLICY IF EXISTS office_revokes ON accounts_authority;
CREATE POLICY office_revokes ON accounts_authority FOR UPDATE TO etax_office
    USING (revoked_at IS NULL AND (SELECT accounts_session_keeps_records())
           AND EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = principal_id)
           AND NOT ARRAY[principal_id, agent_id] && (SELECT accounts_session_own_files())::bigint[])
    WITH CHECK (revoked_by_id = (SELECT accounts_session_account()));

GRANT EXECUTE ON FUNCTION accounts_session_of_the_city(), accounts_session_own_files(), accounts_session_keeps_records(),
    accounts_open_record(text, text, date, text), accounts_agent_with(text) TO etax_office;
GRANT EXECUTE ON FUNCTION accounts_deal_with(bigint[], text), accounts_agent_with(text) TO etax_worker;
