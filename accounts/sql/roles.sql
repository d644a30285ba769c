-- Roles change only in the name of the administrator whose session it is: an office process that was taken can't
-- name somebody it would like to be. That two are needed is a CHECK of the table.
CREATE OR REPLACE FUNCTION accounts_session_has_role(role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM accounts_rolegrant g
        WHERE g.officer_id = accounts_session_account() AND g.role = accounts_session_has_role.role
          AND g.granted_at IS NOT NULL AND g.ended_at IS NULL);
$$;

-- Whether an administrator is signed in who may decide about that officer: a district's about its own, the city's about all.
CREATE OR REPLACE FUNCTION accounts_session_administers(officer_id bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_has_role('administrator') AND EXISTS (
        SELECT FROM accounts_officer o
        WHERE o.account_id = accounts_session_administers.officer_id AND o.body_id = ANY (accounts_session_bodies()));
$$;

CREATE OR REPLACE FUNCTION accounts_guard_roles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := accounts_session_account();
BEGIN
    IF session_user <> 'etax_office' THEN
        RETURN NEW;
    END IF;
    IF NOT accounts_session_administers(NEW.officer_id) THEN
        RAISE EXCEPTION 'only an administrator changes roles' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.asked_by_id = own AND NEW.granted_by_id IS NULL AND NEW.ended_by_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE'
       AND (NEW.officer_id, NEW.role, NEW.asked_by_id, NEW.reason) = (OLD.officer_id, OLD.role, OLD.asked_by_id, OLD.reason)
       AND (NEW.granted_by_id IS NOT DISTINCT FROM OLD.granted_by_id OR (OLD.granted_by_id IS NULL AND NEW.granted_by_id = own))
       AND (NEW.ended_by_id IS NOT DISTINCT FROM OLD.ended_by_id OR (OLD.ended_by_id IS NULL AND NEW.ended_by_id = own))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a role changes in the name of the administrator who is signed in'
        USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER IF EXISTS guard_roles ON accounts_rolegrant;
CREATE TRIGGER guard_roles BEFORE INSERT OR UPDATE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_roles();

-- An officer who is suspended is signed out everywhere; an administrator takes away a lost code generator.
CREATE OR REPLACE FUNCTION accounts_suspend(account_id bigint, suspended boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_administers(account_id) OR account_id = accounts_session_account() THEN
        RETURN false;
    END IF;
    UPDATE accounts_account a SET is_active = NOT suspended WHERE a.id = accounts_suspend.account_id;
    DELETE FROM accounts_session s WHERE s.account_id = accounts_suspend.account_id;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION accounts_take_away_generator(account_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT accounts_session_administers(account_id) OR account_id = accounts_session_account() THEN
        RETURN false;
    END IF;
    DELETE FROM otp_static_statictoken t USING otp_static_staticdevice d
    WHERE d.id = t.device_id AND d.user_id = accounts_take_away_generator.account_id;
    DELETE FROM otp_static_staticdevice d WHERE d.user_id = accounts_take_away_generator.account_id;
    DELETE FROM otp_totp_totpdevice d WHERE d.user_id = accounts_take_away_generator.account_id;
    DELETE FROM accounts_session s WHERE s.account_id = accounts_take_away_generator.account_id;
    RETURN true;
END $$;
