-- The register at the office: an officer sees the documents of their own body (the city's: all), and two withdraw one.

-- Which levying body a document is about, as the facts say.
ALTER TABLE receipts_document ADD COLUMN IF NOT EXISTS body text GENERATED ALWAYS AS (facts -> 'body' ->> 'code') STORED;

SELECT core_secure('receipts_withdrawal');
SELECT core_open('receipts_withdrawal', 'etax_worker', 'SELECT, INSERT, UPDATE');

GRANT SELECT ON receipts_document, receipts_documentcontent TO etax_office;
DROP POLICY IF EXISTS office_own ON receipts_document;
CREATE POLICY office_own ON receipts_document FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()) OR body = ANY ((SELECT accounts_session_bodies())::text[]));
DROP POLICY IF EXISTS office_own ON receipts_documentcontent;
CREATE POLICY office_own ON receipts_documentcontent FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM receipts_document d WHERE d.id = document_id));

GRANT SELECT, INSERT ON receipts_withdrawal TO etax_office;
DROP POLICY IF EXISTS office_own ON receipts_withdrawal;
CREATE POLICY office_own ON receipts_withdrawal FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM receipts_document d WHERE d.id = document_id));
DROP POLICY IF EXISTS office_asks ON receipts_withdrawal;
CREATE POLICY office_asks ON receipts_withdrawal FOR INSERT TO etax_office
    WITH CHECK (asked_by_id = (SELECT accounts_session_account()) AND decided_by_id IS NULL
                AND (SELECT accounts_session_keeps_records())
                AND EXISTS (SELECT FROM receipts_document d WHERE d.id = document_id AND d.taxpayer_id
                            <> ALL ((SELECT accounts_session_own_files())::bigint[])));

-- A document is withdrawn only by what a second officer granted, whoever writes the row.
CREATE OR REPLACE FUNCTION receipts_check_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM receipts_withdrawal w WHERE w.document_id = NEW.id AND w.granted) THEN
        RAISE EXCEPTION 'withdrawing document % needs two officers', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'receipts_withdrawn_by_two';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_withdrawn ON receipts_document;
CREATE TRIGGER check_withdrawn BEFORE UPDATE OF status ON receipts_document
    FOR EACH ROW WHEN (NEW.status = 'withdrawn') EXECUTE FUNCTION receipts_check_withdrawn();

-- Decided by the approver or treasurer whose session it is, never by who asked, nor in their own or a relative's file.
-- False: not theirs to decide, or decided already.
CREATE OR REPLACE FUNCTION receipts_decide_withdrawal(withdrawal bigint, granting boolean, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    officer bigint := accounts_session_account();
    wish receipts_withdrawal;
BEGIN
    IF NOT (accounts_session_has_role('approver') OR accounts_session_has_role('treasurer')) THEN
        RETURN false;
    END IF;
    UPDATE receipts_withdrawal w
    SET decided_by_id = officer, decided_at = receipts_decide_withdrawal.at, granted = granting
    FROM receipts_document d
    WHERE w.id = withdrawal AND d.id = w.document_id AND w.decided_at IS NULL AND w.asked_by_id <> officer
      AND (accounts_session_of_the_city() OR d.body = ANY (accounts_session_bodies()))
      AND d.taxpayer_id <> ALL (accounts_session_own_files())
    RETURNING w.* INTO wish;
    IF wish.id IS NULL THEN
        RETURN false;
    END IF;
    IF granting THEN
        UPDATE receipts_document d
        SET status = 'withdrawn', withdrawn_at = receipts_decide_withdrawal.at, withdrawn_because = wish.reason
        WHERE d.id = wish.document_id AND d.status = 'ready';
        RETURN FOUND;
    END IF;
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION receipts_decide_withdrawal(bigint, boolean, timestamptz) TO etax_office;
