-- Many documents of one kind asked for by one statement: the plural of receipts_request_document. One that was asked for
-- before is left as it is.
CREATE OR REPLACE FUNCTION receipts_request_documents(
    kind text, taxpayer_ids bigint[], document_references text[], facts jsonb[], at timestamptz, token_hashes bytea[]
) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_variable
DECLARE
    made bigint[];
BEGIN
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(taxpayer_ids, document_references, facts, token_hashes)
                      AS a(taxpayer_id, reference, facts, token_hash)
    ), documents AS (
        INSERT INTO receipts_document AS d
            (kind, number, taxpayer_id, reference, facts, status, requested_at, withdrawn_because)
        SELECT kind, receipts_new_number(at), a.taxpayer_id, a.reference, a.facts, 'requested', at, '' FROM asked a
        ON CONFLICT ON CONSTRAINT receipts_one_document_per_reference DO NOTHING RETURNING d.id, d.reference
    ), tokens AS (
        INSERT INTO receipts_documenttoken (sha256, document_id, expires_at)
        SELECT a.token_hash, d.id, at + interval '30 days'
        FROM documents d JOIN asked a ON a.reference = d.reference WHERE a.token_hash IS NOT NULL
    )
    SELECT array_agg(d.id ORDER BY d.id) INTO made FROM documents d;
    PERFORM core_publish_many('receipts.document_requested.v1',
                              array(SELECT jsonb_build_object('document_id', id) FROM unnest(made) AS id));
END $$;
GRANT EXECUTE ON FUNCTION receipts_request_documents(text, bigint[], text[], jsonb[], timestamptz, bytea[]) TO etax_worker;
