-- Co-owners and their shares, people whom a clerk records, and what follows when somebody died.

-- At commit: the open shares of a joint record make up the whole (1), or there are none.
CREATE OR REPLACE FUNCTION accounts_check_shares() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parts record;
BEGIN
    SELECT count(DISTINCT s.denominator) AS denominators, sum(s.numerator) AS held, min(s.denominator) AS whole INTO parts
    FROM accounts_share s WHERE s.joint_id = NEW.joint_id AND s.ends_on IS NULL;
    IF parts.denominators > 1 OR parts.held <> parts.whole THEN
        RAISE EXCEPTION 'the shares of record % are not the whole', NEW.joint_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_shares_are_the_whole';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_shares ON accounts_share;
CREATE CONSTRAINT TRIGGER check_shares AFTER INSERT OR UPDATE ON accounts_share
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_check_shares();

-- An account follows its record: where somebody died nobody signs in any more, and a death taken back opens it again.
-- For who keeps records on the office site; an officer's account and one's own file are none of their business.
CREATE OR REPLACE FUNCTION accounts_follow_death(of_taxpayer bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_keeps_records() OR of_taxpayer = ANY (accounts_session_own_files())
       OR NOT (accounts_session_of_the_city() OR EXISTS (
           SELECT FROM accounts_taxpayerbody d
           WHERE d.taxpayer_id = of_taxpayer AND d.body_id = ANY (accounts_session_bodies()))) THEN
        RAISE EXCEPTION 'a death is recorded by who keeps the record' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE accounts_account a SET is_active = (t.died_on IS NULL)
    FROM accounts_taxpayer t
    WHERE t.id = of_taxpayer AND a.taxpayer_id = t.id AND a.kind = 'citizen';
    DELETE FROM accounts_session s USING accounts_account a
    WHERE a.id = s.account_id AND a.taxpayer_id = of_taxpayer AND NOT a.is_active;
END $$;
GRANT EXECUTE ON FUNCTION accounts_follow_death(bigint) TO etax_office;

SELECT core_secure(name) FROM unnest(ARRAY['accounts_share', 'accounts_newtaxpayer']) AS name;

GRANT SELECT (id, joint_id, owner_id, numerator, denominator, starts_on, ends_on) ON accounts_share TO etax_public;
DROP POLICY IF EXISTS public_own ON accounts_share;
CREATE POLICY public_own ON accounts_share FOR SELECT TO etax_public
    USING (joint_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
GRANT SELECT, INSERT ON accounts_share TO etax_office;
GRANT UPDATE (ends_on) ON accounts_share TO etax_office;
DROP POLICY IF EXISTS office_reads ON accounts_share;
CREATE POLICY office_reads ON accounts_share FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id IN (joint_id, owner_id)));
DROP POLICY IF EXISTS office_records ON accounts_share;
CREATE POLICY office_records ON accounts_share FOR INSERT TO etax_office
    WITH CHECK (recorded_by_id = (SELECT accounts_session_account()) AND (SELECT accounts_session_keeps_records())
                AND EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = joint_id)
                AND NOT ARRAY[joint_id, owner_id] && (SELECT accounts_session_own_files())::bigint[]);
DROP POLICY IF EXISTS office_ends ON accounts_share;
CREATE POLICY office_ends ON accounts_share FOR UPDATE TO etax_office
    USING (ends_on IS NULL AND (SELECT accounts_session_keeps_records())
           AND EXISTS (SELECT FROM accounts_taxpayer t WHERE t.id = joint_id)
           AND NOT ARRAY[joint_id, owner_id] && (SELECT accounts_session_own_files())::bigint[])
    WITH CHECK (true);
SELECT core_open('accounts_share', 'etax_worker', 'SELECT, INSERT, UPDATE');

-- The sealed number is for the worker only; the office writes it and can't read it back.
GRANT SELECT (id, kind, name, asked_by_id, asked_at, taxpayer_id, known) ON accounts_newtaxpayer TO etax_office;
GRANT INSERT (kind, name, email, address, reason, sealed_number, asked_by_id, asked_at, taxpayer_id, known)
    ON accounts_newtaxpayer TO etax_office;
DROP POLICY IF EXISTS office_own ON accounts_newtaxpayer;
CREATE POLICY office_own ON accounts_newtaxpayer FOR SELECT TO etax_office
    USING (asked_by_id = (SELECT accounts_session_account()));
DROP POLICY IF EXISTS office_asks ON accounts_newtaxpayer;
CREATE POLICY office_asks ON accounts_newtaxpayer FOR INSERT TO etax_office
    WITH CHECK (asked_by_id = (SELECT accounts_session_account()) AND (SELECT accounts_session_keeps_records())
                AND taxpayer_id IS NULL AND NOT known);
SELECT core_open('accounts_newtaxpayer', 'etax_worker', 'SELECT, INSERT, UPDATE');
