-- A payload is an object, and small: whoever may write one can't stop the handlers with it. Only what could be too large is
-- written out as text and measured.
ALTER TABLE core_event DROP CONSTRAINT IF EXISTS core_event_payload_is_small_object;
ALTER TABLE core_event ADD CONSTRAINT core_event_payload_is_small_object CHECK (
    jsonb_typeof(payload) = 'object'
    AND (pg_column_size(payload) < 500 OR octet_length(payload::text) <= 262144)
);
