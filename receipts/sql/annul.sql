-- Documents about money that was taken back: annulled (무효), whether they were handed out already or were still to be drawn.
-- Their numbers stay in the register, which says so to whoever asks.

-- The document of this reference, and those that took its place (its reference with "/…"). Answers the hash of the link that
-- opened it, so that one about what is left may be opened by the same link. Runs as its caller, like the request.
CREATE OR REPLACE FUNCTION receipts_annul(of_kind text, of_taxpayer bigint, of_reference text, at timestamptz, because text)
RETURNS bytea LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    document record;
    token bytea;
BEGIN
    FOR document IN
        UPDATE receipts_document d
        SET status = 'annulled', withdrawn_at = receipts_annul.at, withdrawn_because = because
        WHERE d.taxpayer_id = of_taxpayer AND d.kind = of_kind AND d.status IN ('requested', 'ready')
          AND (d.reference = of_reference OR starts_with(d.reference, of_reference || '/'))
        RETURNING d.id, d.number
    LOOP
        token := coalesce((SELECT t.sha256 FROM receipts_documenttoken t WHERE t.document_id = document.id LIMIT 1), token);
        PERFORM core_append_leaf('annulment', document.number, jsonb_build_object(
            'number', document.number, 'because', because));
        PERFORM core_publish('receipts.document_annulled.v1', jsonb_build_object('document_id', document.id));
    END LOOP;
    RETURN token;
END $$;
GRANT EXECUTE ON FUNCTION receipts_annul(text, bigint, text, timestamptz, text) TO etax_worker;
