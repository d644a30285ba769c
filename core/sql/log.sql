-- One sealer at a time: a row that only the worker may lock. An advisory lock could be taken, and kept, by any login.
CREATE TABLE IF NOT EXISTS core_turn (job text PRIMARY KEY);
INSERT INTO core_turn (job) VALUES ('seal') ON CONFLICT DO NOTHING;
SELECT core_secure('core_turn');
SELECT core_open('core_turn', 'etax_worker', 'SELECT, INSERT, UPDATE');

-- Wait for one's turn at a job and keep it until the transaction ends; writers of the log never wait for it.
CREATE OR REPLACE FUNCTION core_take_turn(of_job text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM core_turn t WHERE t.job = of_job FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO core_turn (job) VALUES (of_job) ON CONFLICT (job) DO UPDATE SET job = excluded.job;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION core_take_turn(text) TO etax_worker;

-- Sealing order. A row's transaction number tells when everything older is finished: below the oldest running
-- transaction nothing can appear any more, so the sealer never passes over a leaf that commits late.
ALTER TABLE core_logleaf ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX IF NOT EXISTS core_logleaf_order ON core_logleaf (written_in, id);

CREATE OR REPLACE FUNCTION core_unsealed_leaves(most integer)
RETURNS TABLE (id bigint, kind text, reference text, content jsonb, salt bytea)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH last AS (
        SELECT l.written_in, l.id
        FROM core_logseal s JOIN core_logleaf l ON l.id = s.leaf_id
        ORDER BY s.position DESC LIMIT 1
    )
    SELECT l.id, l.kind, l.reference, l.content, l.salt
    FROM core_logleaf l
    WHERE l.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      AND (NOT EXISTS (SELECT FROM last) OR (l.written_in, l.id) > (SELECT last.written_in, last.id FROM last))
    ORDER BY l.written_in, l.id
    LIMIT most;
$$;
GRANT EXECUTE ON FUNCTION core_unsealed_leaves(integer) TO etax_worker;
