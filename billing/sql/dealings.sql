-- Whoever is billed by a levying body is a taxpayer that its officers deal with; accounts keeps that, and learns it here.
CREATE OR REPLACE FUNCTION billing_tell_dealings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM accounts_deal_with(array_agg(DISTINCT m.taxpayer_id), m.body_id::text)
    FROM made m WHERE m.taxpayer_id IS NOT NULL GROUP BY m.body_id;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS tell_dealings ON billing_bill;
CREATE TRIGGER tell_dealings AFTER INSERT ON billing_bill
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION billing_tell_dealings();

-- Nobody changes a bill of their own or of a declared relative.
DROP POLICY IF EXISTS office_not_own ON billing_bill;
CREATE POLICY office_not_own ON billing_bill AS RESTRICTIVE FOR UPDATE TO etax_office
    USING (taxpayer_id <> ALL ((SELECT accounts_session_own_files())::bigint[]));
