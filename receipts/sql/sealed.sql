-- A document that is sealed (비공개) stands in no register of the office: neither its number nor whom it names. Its own taxpayer, and
-- who keeps the case that it belongs to, go on reading it. The policy is restrictive: no other one opens what it closes.
DROP POLICY IF EXISTS unsealed ON receipts_document;
CREATE POLICY unsealed ON receipts_document AS RESTRICTIVE FOR SELECT TO etax_office
    USING (NOT sealed OR (SELECT accounts_session_has_role('court_clerk')));

-- Seal or unseal what certifies something; for functions of the apps that own it.
CREATE OR REPLACE FUNCTION receipts_seal_documents(of_kind text, of_reference text, is_sealed boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE receipts_document d SET sealed = is_sealed
    WHERE d.kind = of_kind AND d.reference = of_reference AND d.sealed <> is_sealed;
$$;

-- What was handed out stays as it was: facts and content never change, and a state only goes forward. It can be sealed meanwhile.
CREATE OR REPLACE FUNCTION receipts_keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed <> NEW.sealed AND to_jsonb(OLD) - 'sealed' = to_jsonb(NEW) - 'sealed' THEN
        RETURN NEW;
    ELSIF (OLD.kind, OLD.number, OLD.taxpayer_id, OLD.reference, OLD.facts, OLD.requested_at)
           IS DISTINCT FROM (NEW.kind, NEW.number, NEW.taxpayer_id, NEW.reference, NEW.facts, NEW.requested_at)
       OR OLD.sha256 IS NOT NULL AND OLD.sha256 IS DISTINCT FROM NEW.sha256
       OR (OLD.status, NEW.status) NOT IN (('requested', 'ready'), ('ready', 'withdrawn'), ('requested', 'annulled'),
                                           ('ready', 'annulled')) THEN
        RAISE EXCEPTION 'document % can only become ready, be withdrawn or annulled', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_document ON receipts_document;
CREATE TRIGGER keep_document BEFORE UPDATE ON receipts_document
    FOR EACH ROW EXECUTE FUNCTION receipts_keep_document();
