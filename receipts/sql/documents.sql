-- Asking for a document, and what strangers may ask of the register.

-- A number that people read aloud (Crockford's base 32) and nobody can guess: the year, then 60 random bits.
CREATE OR REPLACE FUNCTION receipts_new_number(at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    -- The last 15 hexadecimal digits of a version 4 UUID are all random.
    bits bigint := ('x' || right(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint;
    letters text := '';
BEGIN
    FOR place IN 1..12 LOOP
        letters := letters || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (bits & 31)::int + 1, 1);
        bits := bits >> 5;
    END LOOP;
    RETURN concat_ws('-', to_char(at AT TIME ZONE 'UTC', 'YYYY'),
                     substr(letters, 1, 4), substr(letters, 5, 4), substr(letters, 9, 4));
END $$;

-- Runs as its caller: a posting function of the owner's, or a login that access.sql allows.
-- `token_hash` is the SHA-256 of a secret that whoever pays already holds: their way to the document without an
-- account. It comes with the request, so that no face can make itself a way to a document that exists.
CREATE OR REPLACE FUNCTION receipts_request_document(
    kind text, taxpayer_id bigint, reference text, facts jsonb, at timestamptz, token_hash bytea DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    made bigint;
    asked alias FOR $1;
    asked_reference alias FOR $3;
BEGIN
    INSERT INTO receipts_document
        (kind, number, taxpayer_id, reference, facts, status, requested_at, withdrawn_because)
    VALUES ($1, receipts_new_number($5), $2, $3, $4, 'requested', $5, '')
    ON CONFLICT (kind, reference) DO NOTHING
    RETURNING id INTO made;
    IF made IS NULL THEN
        SELECT id INTO STRICT made FROM receipts_document d WHERE d.kind = asked AND d.reference = asked_reference;
        RETURN made;
    END IF;
    IF $6 IS NOT NULL THEN
        INSERT INTO receipts_documenttoken (sha256, document_id, expires_at) VALUES ($6, made, $5 + interval '30 days')
        ON CONFLICT (sha256) DO NOTHING;
        IF NOT FOUND THEN -- a link whose document was annulled leads to the one in its place, no other ever does
            DELETE FROM receipts_documenttoken t USING receipts_document d
            WHERE t.sha256 = $6 AND d.id = t.document_id AND d.status = 'annulled';
            INSERT INTO receipts_documenttoken (sha256, document_id, expires_at) VALUES ($6, made, $5 + interval '30 days');
        END IF;
    END IF;
    PERFORM core_publish('receipts.document_requested.v1', jsonb_build_object('document_id', made));
    RETURN made;
END $$;

-- First and last letter stay: enough for the holder to recognise, too little to learn who somebody is.
CREATE OR REPLACE FUNCTION receipts_masked(name text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN length(coalesce(name, '')) = 0 THEN ''
        WHEN length(name) < 3 THEN left(name, 1) || '*'
        ELSE left(name, 1) || repeat('*', least(length(name) - 2, 8)) || right(name, 1)
    END;
$$;

DROP FUNCTION IF EXISTS receipts_public_entry(receipts_document);
CREATE FUNCTION receipts_public_entry(document receipts_document)
RETURNS TABLE (number text, kind text, status text, issued_at timestamptz, paid_at timestamptz, total bigint,
               currency text, masked_name text, withdrawn_at timestamptz)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT document.number, document.kind, document.status, document.requested_at,
           (document.facts ->> 'paid_at')::timestamptz, (document.facts ->> 'total')::bigint,
           coalesce(document.facts ->> 'currency', ''), receipts_masked(document.facts -> 'taxpayer' ->> 'name'),
           document.withdrawn_at;
$$;

-- One more question from `source` (a hash of an address): thirty in ten minutes, then no answer.
CREATE OR REPLACE FUNCTION receipts_count_lookup(asking bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    now_span timestamptz := date_bin('10 minutes', clock_timestamp(), timestamptz '2000-01-01 00:00:00+00');
    so_far integer;
BEGIN
    INSERT INTO receipts_lookupcount AS c (source, span, tries) VALUES (asking, now_span, 1)
    ON CONFLICT (source, span) DO UPDATE SET tries = c.tries + 1
    RETURNING c.tries INTO so_far;
    IF so_far = 1 THEN
        DELETE FROM receipts_lookupcount WHERE span < now_span - interval '1 hour';
    END IF;
    RETURN so_far <= 30;
END $$;

DROP FUNCTION IF EXISTS receipts_find_document(text, bytea);
CREATE FUNCTION receipts_find_document(wanted text, asking bytea)
RETURNS TABLE (allowed boolean, number text, kind text, status text, issued_at timestamptz, paid_at timestamptz,
               total bigint, currency text, masked_name text, withdrawn_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT receipts_count_lookup(asking) THEN
        RETURN QUERY SELECT false, NULL::text, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz,
                            NULL::bigint, NULL::text, NULL::text, NULL::timestamptz;
        RETURN;
    END IF;
    RETURN QUERY SELECT true, e.* FROM receipts_document d, receipts_public_entry(d) e
    WHERE d.number = wanted AND d.sha256 IS NOT NULL;
END $$;

-- Whoever asks holds the file itself, so nothing needs counting.
DROP FUNCTION IF EXISTS receipts_find_content(bytea);
CREATE FUNCTION receipts_find_content(content_hash bytea)
RETURNS TABLE (number text, kind text, status text, issued_at timestamptz, paid_at timestamptz, total bigint,
               currency text, masked_name text, withdrawn_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM receipts_document d, receipts_public_entry(d) e WHERE d.sha256 = content_hash;
$$;

-- The document that a link opens. Takes the secret, not its hash: whoever reads the hashes can't use them.
DROP FUNCTION IF EXISTS receipts_open_link(text);
CREATE FUNCTION receipts_open_link(secret text)
RETURNS TABLE (number text, kind text, status text, pdf bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.number, d.kind, d.status, c.pdf
    FROM receipts_documenttoken t
    JOIN receipts_document d ON d.id = t.document_id
    LEFT JOIN receipts_documentcontent c ON c.document_id = d.id AND d.status = 'ready'
    WHERE t.sha256 = sha256(convert_to(secret, 'UTF8')) AND t.expires_at > clock_timestamp();
$$;

-- A PDF is compressed already.
ALTER TABLE receipts_documentcontent ALTER COLUMN pdf SET STORAGE EXTERNAL;
