-- Papers that a claim is shown by (decree of the Framework Act on Local Taxes, article 31).

-- A file that shows what a claim says, while it waits for an answer. NULL: not theirs, answered, or too many bytes.
CREATE OR REPLACE FUNCTION refunds_add_claim_file(of_claim bigint, file_name text, file_kind text, bytes bytea)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claim refunds_claim%ROWTYPE;
    rule jsonb;
    made bigint;
BEGIN
    SELECT * INTO claim FROM refunds_claim c
    WHERE c.id = of_claim AND c.status IN ('asked', 'deciding') AND c.taxpayer_id = ANY (accounts_session_taxpayers())
    FOR UPDATE;
    SELECT t.body INTO STRICT rule FROM billing_datedtable t
    WHERE t.name = 'claim_files' AND t.valid_from <= billing_local_date(now())
      AND (t.valid_to IS NULL OR billing_local_date(now()) <= t.valid_to);
    IF claim.id IS NULL OR EXISTS (
           SELECT FROM refunds_claimfile f WHERE f.claim_id = claim.id
           HAVING count(*) >= (rule ->> 'files')::integer
               OR coalesce(sum(f.size), 0) + length(bytes) > (rule ->> 'bytes')::bigint) THEN
        RETURN NULL;
    END IF;
    INSERT INTO refunds_claimfile AS f (claim_id, name, kind, content, size, scan, added_by_id, added_at)
    VALUES (claim.id, left(file_name, 100), file_kind, bytes, length(bytes), 'waiting', accounts_session_account(), now())
    RETURNING f.id INTO made;
    PERFORM core_publish('refunds.file_added.v1', jsonb_build_object('file_id', made));
    PERFORM core_audit('refund.file_added', 'claim:' || claim.id, accounts_session_account(), claim.taxpayer_id, '',
                       jsonb_build_object('file', made), '', '');
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION refunds_add_claim_file(bigint, text, text, bytea) TO etax_public;

-- Files belong to their claim: whoever sees it sees them; only the worker says what was found in them.
SELECT core_secure('refunds_claimfile');
SELECT core_kept('refunds_claimfile', 'id');
SELECT core_fixed('refunds_claimfile', name)
FROM unnest(ARRAY['claim_id', 'name', 'kind', 'content', 'size', 'added_by_id', 'added_at']) AS name;
SELECT core_open('refunds_claimfile', 'etax_worker', 'SELECT');
GRANT UPDATE (scan, picture) ON refunds_claimfile TO etax_worker;
GRANT SELECT ON refunds_claimfile TO etax_public, etax_office;
DROP POLICY IF EXISTS with_claim ON refunds_claimfile;
CREATE POLICY with_claim ON refunds_claimfile FOR SELECT TO etax_public, etax_office
    USING (EXISTS (SELECT FROM refunds_claim c WHERE c.id = claim_id));
