SELECT core_secure(name) FROM unnest(ARRAY[
    'receipts_document', 'receipts_documentcontent', 'receipts_documenttoken', 'receipts_lookupcount'
]) AS name;
SELECT core_append_only('receipts_documentcontent');

-- A citizen's own documents; nothing else without a secret or a number.
GRANT SELECT ON receipts_document, receipts_documentcontent TO etax_public;
DROP POLICY IF EXISTS public_own ON receipts_document;
CREATE POLICY public_own ON receipts_document FOR SELECT TO etax_public
    USING (taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[]));
DROP POLICY IF EXISTS public_own ON receipts_documentcontent;
CREATE POLICY public_own ON receipts_documentcontent FOR SELECT TO etax_public
    USING (EXISTS (
        SELECT FROM receipts_document d
        WHERE d.id = document_id AND d.taxpayer_id = ANY ((SELECT accounts_session_taxpayers())::bigint[])
    ));
GRANT EXECUTE ON FUNCTION receipts_find_document(text, bytea), receipts_find_content(bytea), receipts_open_link(text)
    TO etax_public, etax_office, etax_worker;

SELECT core_open('receipts_document', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('receipts_documentcontent', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('receipts_documenttoken', 'etax_worker', 'SELECT, INSERT, DELETE');
GRANT EXECUTE ON FUNCTION receipts_new_number(timestamptz),
    receipts_request_document(text, bigint, text, jsonb, timestamptz, bytea) TO etax_worker;
