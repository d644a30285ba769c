-- Four eyes that hold against raw SQL of the office's login too: of what waits for a decision only the decision changes,
-- nobody decides in another's name, nobody asks in another's name, and nothing is written into one's own or a declared
-- relative's file.
REVOKE UPDATE ON billing_bill, billing_levyroll, billing_billchange, billing_billfact, billing_extension FROM etax_office;
GRANT UPDATE (status) ON billing_bill TO etax_office;
GRANT UPDATE (status, sealed_key, approved_by_id, approved_at, cancel_asked_by_id, cancel_reason, cancelled_by_id, cancelled_at)
    ON billing_levyroll TO etax_office;
GRANT UPDATE (status, decided_by_id, decided_at, decided_because, done_at) ON billing_billchange TO etax_office;
GRANT UPDATE (ended_on, ended_by_id) ON billing_billfact TO etax_office;
GRANT UPDATE (status, decided_by_id, decided_at) ON billing_extension TO etax_office;

-- A policy sees a row as it becomes, not as it was; so this is a trigger. Its argument is the column of who decides.
CREATE OR REPLACE FUNCTION billing_decides_oneself() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    who bigint := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF session_user = 'etax_office' THEN -- no other login may ask whose session it is
        IF who IS NOT NULL AND who IS DISTINCT FROM accounts_session_account() THEN
            RAISE EXCEPTION 'nobody decides in another officer''s name' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END $$;
DO $$
DECLARE
    place record;
BEGIN
    FOR place IN SELECT * FROM (VALUES ('billing_levyroll', 'approved_by_id'), ('billing_levyroll', 'cancel_asked_by_id'),
                                       ('billing_levyroll', 'cancelled_by_id'), ('billing_billchange', 'decided_by_id'),
                                       ('billing_extension', 'decided_by_id')) AS v (name, who) LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'oneself_' || place.who, place.name);
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW
            WHEN (OLD.%I IS DISTINCT FROM NEW.%I) EXECUTE FUNCTION billing_decides_oneself(%L)',
            'oneself_' || place.who, place.name, place.who, place.who, place.who);
    END LOOP;
END $$;

DROP POLICY IF EXISTS office_brings ON billing_levyroll;
CREATE POLICY office_brings ON billing_levyroll AS RESTRICTIVE FOR INSERT TO etax_office WITH CHECK (
    uploaded_by_id = (SELECT accounts_session_account()) AND approved_by_id IS NULL AND status = 'brought'
);

DO $$
DECLARE
    name text;
    others text := 'EXISTS (SELECT FROM billing_bill b WHERE b.id = bill_id
        AND b.taxpayer_id <> ALL ((SELECT accounts_session_own_files())::bigint[]))';
BEGIN
    FOREACH name IN ARRAY ARRAY['billing_billchange', 'billing_billadjustment', 'billing_billfact'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_not_own ON %I', name);
        EXECUTE format('CREATE POLICY office_not_own ON %I AS RESTRICTIVE FOR INSERT TO etax_office WITH CHECK (%s)',
                       name, others);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['billing_billchange', 'billing_billfact'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_changes_not_own ON %I', name);
        EXECUTE format('CREATE POLICY office_changes_not_own ON %I AS RESTRICTIVE FOR UPDATE TO etax_office USING (%s)',
                       name, others);
    END LOOP;
END $$;

-- A roll goes its ways forward only, and its rows are removed with all of it: nobody takes one bill out of what was approved,
-- nor what was billed out of what keeps it from being billed twice.
CREATE OR REPLACE FUNCTION billing_move_roll() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('brought', 'withdrawn'), ('staged', 'approved'), ('staged', 'withdrawn'),
                                        ('approved', 'issuing'), ('approved', 'withdrawn'), ('issued', 'cancelling')) THEN
        RAISE EXCEPTION 'a roll that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS move_on ON billing_levyroll;
CREATE TRIGGER move_on BEFORE UPDATE OF status ON billing_levyroll FOR EACH ROW
    WHEN (session_user = 'etax_office' AND OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION billing_move_roll();
DROP POLICY IF EXISTS office_withdraws ON billing_rollrow;
CREATE POLICY office_withdraws ON billing_rollrow AS RESTRICTIVE FOR DELETE TO etax_office
    USING (EXISTS (SELECT FROM billing_levyroll r WHERE r.id = roll_id AND r.status = 'withdrawn'));
