-- Files of banks: brought by the treasurer or the worker, read and posted by the worker, seen by the city's officers.
SELECT core_secure(name) FROM unnest(ARRAY['payments_bankfile', 'payments_bankline']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['payments_bankfile', 'payments_bankline']) AS name;
GRANT SELECT ON payments_bankfile, payments_bankline TO etax_office;
DROP POLICY IF EXISTS office_of_the_city ON payments_bankfile;
CREATE POLICY office_of_the_city ON payments_bankfile FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));
DROP POLICY IF EXISTS office_of_the_city ON payments_bankline;
CREATE POLICY office_of_the_city ON payments_bankline FOR SELECT TO etax_office
    USING ((SELECT accounts_session_of_the_city()));

-- Stores a file as it came, for the worker to read; the same bytes again are the file that is here. Answers its number. In
-- the office only a treasurer of the city brings one, in their own name.
CREATE OR REPLACE FUNCTION payments_bring_file(of_bank text, of_name text, of_digest text, of_body bytea)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    source text := 'statement:' || of_bank;
    stored bigint;
    made bigint;
BEGIN
    IF session_user = 'etax_office' AND NOT (
           accounts_session_has_role('treasurer') AND accounts_session_of_the_city()) THEN
        RAISE EXCEPTION 'bank files are brought by the treasurer' USING ERRCODE = 'insufficient_privilege';
    END IF;
    stored := payments_receive(source, of_digest, of_body, '{}');
    INSERT INTO payments_bankfile (message_id, bank, gateway, name, status, kind, message_number, statements, reason,
                                   difference, brought_by_id)
    VALUES (stored, of_bank, source, of_name, 'brought', '', '', '[]', '', '',
            CASE WHEN session_user = 'etax_office' THEN accounts_session_account() END)
    ON CONFLICT (message_id) DO NOTHING RETURNING id INTO made;
    UPDATE payments_inboxmessage m SET ask_at = NULL WHERE m.id = stored; -- no gateway is asked about a file
    IF made IS NULL THEN
        SELECT f.id INTO STRICT made FROM payments_bankfile f WHERE f.message_id = stored;
        RETURN made;
    END IF;
    PERFORM core_publish('payments.bank_file_brought.v1', jsonb_build_object('file_id', made));
    PERFORM core_audit('payment.bank_file_brought', 'bank_file:' || made, accounts_session_account(), NULL, '',
                       jsonb_build_object('bank', of_bank, 'name', of_name), '', '');
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION payments_bring_file(text, text, text, bytea) TO etax_office, etax_worker;
