-- Whose points a session may see: one's own, and no others', not even of those whom one acts for.
CREATE OR REPLACE FUNCTION mileage_own() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.taxpayer_id FROM accounts_account a WHERE a.id = accounts_session_account() AND a.kind = 'citizen';
$$;

-- Whether the signed-in officer reads points at all: treasurers, approvers and auditors of the city.
CREATE OR REPLACE FUNCTION mileage_may_read() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_of_the_city() AND (
        accounts_session_has_role('treasurer') OR accounts_session_has_role('approver') OR accounts_session_has_role('auditor'));
$$;
