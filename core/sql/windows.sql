-- Tables that are too busy for a leaf per row (journal entries, audit records) are sealed window by window, behind the
-- writes: a job takes what is finished, in the order of finished transactions, and appends one leaf per window with a
-- digest over its rows. A source is a view of (id, written_in, at, line): `line` is a row's canonical text.

-- As in log.sql and the ledger: below the oldest running transaction nothing can appear any more.
ALTER TABLE core_auditrecord ADD COLUMN IF NOT EXISTS written_in bigint NOT NULL
    DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX IF NOT EXISTS core_audit_written_in ON core_auditrecord USING brin (written_in)
    WITH (pages_per_range = 16, autosummarize = on);

-- Times as text in UTC, so that no setting of a session changes what is hashed.
CREATE OR REPLACE FUNCTION core_moment(at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$ -- without settings of its own, so that it is put in line
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US');
$$;
GRANT EXECUTE ON FUNCTION core_moment(timestamptz) TO etax_worker;

CREATE OR REPLACE VIEW core_audit_lines AS
SELECT r.id, r.written_in, r.at,
       jsonb_build_array(r.id, core_moment(r.at), r.login, r.action, r.subject, r.actor_id, r.taxpayer_id, r.reason,
                         r.details, r.address, r.session_mark)::text AS line
FROM core_auditrecord r;
GRANT SELECT ON core_audit_lines TO etax_worker;

-- Close windows of `width` rows over what is finished, at most `most` rows at a time; returns how many rows it took.
-- Windows, their leaves and the mark commit together, so that a crash in between doubles and loses nothing.
CREATE OR REPLACE FUNCTION core_close_windows(
    of_kind text, source text, width integer, most integer, now_at timestamptz
) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    mark core_windowmark;
    horizon bigint;
    taken bigint;
    oldest_left timestamptz;
BEGIN
    INSERT INTO core_windowmark (kind, number, written_in, row_id) VALUES (of_kind, 0, 0, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT mark FROM core_windowmark m WHERE m.kind = of_kind FOR UPDATE;
    horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    EXECUTE format($query$
        WITH chosen AS MATERIALIZED (
            SELECT s.id, s.written_in, s.at FROM %1$I s
            WHERE s.written_in >= $2 AND s.written_in < $3 AND (s.written_in, s.id) > ($2, $4)
            ORDER BY s.written_in, s.id LIMIT $5
        ), placed AS (
            SELECT id, $7 + 1 + (row_number() OVER (ORDER BY written_in, id) - 1) / $6 AS number FROM chosen
        ), hashed AS (
            SELECT p.number, s.id, s.at, sha256(convert_to(s.line, 'UTF8')) AS digest FROM placed p JOIN %1$I s USING (id)
        ), closed AS (
            SELECT h.number, count(*) AS rows, max(h.at) AS until, range_agg(int8range(h.id, h.id, '[]')) AS ids,
                   sha256(string_agg(h.digest, ''::bytea ORDER BY h.id)) AS digest,
                   string_agg(substr(h.digest, 1, 8), ''::bytea ORDER BY h.id) AS marks
            FROM hashed h GROUP BY h.number
        ), leaves AS (
            INSERT INTO core_logleaf (kind, reference, content, salt)
            SELECT $1, $1 || ':' || c.number, jsonb_build_object(
                       'number', c.number, 'rows', c.rows, 'ids', c.ids::text, 'sha256', encode(c.digest, 'hex')),
                   uuid_send(gen_random_uuid())
            FROM closed c ORDER BY c.number
            RETURNING id, (content ->> 'number')::bigint AS number
        ), windows AS (
            INSERT INTO core_logwindow (kind, number, leaf_id, rows, until, marks)
            SELECT $1, c.number, l.id, c.rows, c.until, c.marks FROM closed c JOIN leaves l USING (number)
        ), moved AS (
            UPDATE core_windowmark m
            SET written_in = l.written_in, row_id = l.id, number = m.number + (SELECT count(*) FROM closed)
            FROM (SELECT written_in, id FROM chosen ORDER BY written_in DESC, id DESC LIMIT 1) l
            WHERE m.kind = $1
        )
        SELECT count(*) FROM chosen
        $query$, source)
    INTO taken USING of_kind, mark.written_in, horizon, mark.row_id, most, width, mark.number;

    SELECT * INTO STRICT mark FROM core_windowmark m WHERE m.kind = of_kind;
    EXECUTE format('SELECT min(s.at) FROM %I s WHERE s.written_in >= $1 AND (s.written_in, s.id) > ($1, $2)', source)
    INTO oldest_left USING mark.written_in, mark.row_id;
    UPDATE core_windowmark m
    SET covered_until = greatest(m.covered_until, least(now_at, oldest_left)) WHERE m.kind = of_kind;
    RETURN taken;
END $$;
GRANT EXECUTE ON FUNCTION core_close_windows(text, text, integer, integer, timestamptz) TO etax_worker;

-- The rows of a window as they are now: which ids are there, and their hashes one after the other.
CREATE OR REPLACE FUNCTION core_window_now(source text, wanted text)
RETURNS TABLE (expected bigint[], found bigint[], digests bytea)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT (SELECT array_agg(id) FROM unnest($1::int8multirange) r, generate_series(lower(r), upper(r) - 1) AS id),
               coalesce(array_agg(s.id ORDER BY s.id), '{}'::bigint[]),
               coalesce(string_agg(sha256(convert_to(s.line, 'UTF8')), ''::bytea ORDER BY s.id), ''::bytea)
        FROM unnest($1::int8multirange) r JOIN %I s ON s.id >= lower(r) AND s.id < upper(r)
        $query$, source) USING wanted;
END $$;
GRANT EXECUTE ON FUNCTION core_window_now(text, text) TO etax_worker;

-- Rows that pass for older than the last closed window and stand in none: somebody slipped them in.
CREATE OR REPLACE FUNCTION core_outside_windows(of_kind text, source text, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    mark core_windowmark;
    counted bigint;
BEGIN
    SELECT * INTO mark FROM core_windowmark m WHERE m.kind = of_kind;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT count(*) FROM %I s WHERE (s.written_in, s.id) <= ($1, $2)', source)
    INTO counted USING mark.written_in, mark.row_id;
    IF counted > (SELECT coalesce(sum(w.rows), 0) FROM core_logwindow w WHERE w.kind = of_kind) THEN
        RETURN QUERY EXECUTE format($query$
            SELECT s.id FROM %I s WHERE (s.written_in, s.id) <= ($2, $3)
            EXCEPT
            SELECT g.id FROM core_logwindow w JOIN core_logleaf l ON l.id = w.leaf_id,
                 unnest((l.content ->> 'ids')::int8multirange) r, generate_series(lower(r), upper(r) - 1) AS g(id)
            WHERE w.kind = $1
            ORDER BY 1 LIMIT $4
            $query$, source) USING of_kind, mark.written_in, mark.row_id, most;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION core_outside_windows(text, text, integer) TO etax_worker;

-- After a logical restore (see after_restore.sql): what stands in a window is older than what does not yet, and the mark
-- lies between the two.
CREATE OR REPLACE FUNCTION core_windows_after_restore(of_kind text, target text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER append_only', target);
    EXECUTE format('UPDATE %I SET written_in = 1', target);
    EXECUTE format($query$
        UPDATE %I t SET written_in = 0
        FROM core_logwindow w JOIN core_logleaf l ON l.id = w.leaf_id, unnest((l.content ->> 'ids')::int8multirange) r
        WHERE w.kind = $1 AND t.id >= lower(r) AND t.id < upper(r)
        $query$, target) USING of_kind;
    EXECUTE format('ALTER TABLE %I ENABLE TRIGGER append_only', target);
    UPDATE core_windowmark SET written_in = 1, row_id = 0 WHERE kind = of_kind;
END $$;

SELECT core_secure(name) FROM unnest(ARRAY['core_logwindow', 'core_windowmark']) AS name;
SELECT core_append_only('core_logwindow');
SELECT core_open('core_logwindow', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('core_windowmark', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open('core_windowmark', role, 'SELECT (kind, number, covered_until)')
FROM unnest(ARRAY['etax_office', 'etax_public']) AS role;
SELECT core_open('core_logseal', 'etax_office', 'SELECT');
-- How far sealing has come is for everybody; `marks` are hashes without salt, and for the job only.
SELECT core_open('core_logwindow', role, 'SELECT (id, kind, number, leaf_id, rows, until)')
FROM unnest(ARRAY['etax_office', 'etax_public']) AS role;

-- Leaves that pass for older than the last sealed one and have no place.
CREATE OR REPLACE FUNCTION core_leaves_passed_over(most integer) RETURNS TABLE (id bigint, kind text, reference text)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH last AS (
        SELECT l.written_in, l.id FROM core_logseal s JOIN core_logleaf l ON l.id = s.leaf_id
        ORDER BY s.position DESC LIMIT 1
    )
    SELECT l.id, l.kind, l.reference FROM core_logleaf l, last
    WHERE (l.written_in, l.id) <= (last.written_in, last.id)
      AND NOT EXISTS (SELECT FROM core_logseal s WHERE s.leaf_id = l.id)
    ORDER BY l.id LIMIT most;
$$;
GRANT EXECUTE ON FUNCTION core_leaves_passed_over(integer) TO etax_worker;
