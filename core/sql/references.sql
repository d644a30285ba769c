-- References that are kept by statement instead of by row. A foreign key looks its parent up, and locks it, once for every
-- row: more than half of the time of a roll. Where parents are never removed and never get another key, no lock is needed
-- and one look for a whole statement is as strong. `core_reference` sets both halves up: the child's check and the
-- parent's promise. See docs/adr/0014.

-- After INSERT: every value of column TG_ARGV[0] is a key TG_ARGV[2] of table TG_ARGV[1].
CREATE OR REPLACE FUNCTION core_check_reference() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    missing text;
BEGIN
    -- Planned anew each time: one row and a hundred thousand rows are looked up in different ways.
    EXECUTE format(
        'SELECT a.key::text FROM (SELECT DISTINCT %1$I AS key FROM added) AS a '
        'WHERE a.key IS NOT NULL AND NOT EXISTS (SELECT FROM %2$I p WHERE p.%3$I = a.key) LIMIT 1',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO missing;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION '% names %, which is not in %', TG_TABLE_NAME || '.' || TG_ARGV[0], missing, TG_ARGV[1]
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;

-- A column that never changes.
CREATE OR REPLACE FUNCTION core_fixed(target text, fixed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'fixed_' || fixed, target);
    EXECUTE format(
        'CREATE TRIGGER %I AFTER UPDATE ON %I FOR EACH ROW WHEN (OLD.%3$I IS DISTINCT FROM NEW.%3$I) '
        'EXECUTE FUNCTION core_refuse_change()', 'fixed_' || fixed, target, fixed);
END $$;

-- Rows that others name: never removed, by anybody, and their key never changes.
CREATE OR REPLACE FUNCTION core_kept(target text, key text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS kept ON %I', target);
    EXECUTE format(
        'CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()', target);
    PERFORM core_fixed(target, key);
END $$;

-- `child.child_column` names a row of `parent`, for ever.
CREATE OR REPLACE FUNCTION core_reference(child text, child_column text, parent text, parent_key text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    named text := 'names_' || child_column;
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', named, child);
    EXECUTE format(
        'CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS added '
        'FOR EACH STATEMENT EXECUTE FUNCTION core_check_reference(%L, %L, %L)',
        named, child, child_column, parent, parent_key);
    PERFORM core_fixed(child, child_column), core_kept(parent, parent_key);
END $$;

-- Many events of one topic by one statement, one for each id: {"<key>": [id]}. They wait until nothing else does.
CREATE OR REPLACE FUNCTION core_publish_each(topic text, key text, ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Read from its text, which takes half as long as putting it together piece by piece.
    INSERT INTO core_event (topic, payload, bulk)
    SELECT topic, (format('{%s: [', to_json(key)) || id || ']}')::jsonb, true FROM unnest(ids) AS id;
END $$;

-- The next numbers of a table's identity column, for rows that other rows of the same statement name.
CREATE OR REPLACE FUNCTION core_next_ids(target text, many integer) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    source regclass := pg_get_serial_sequence(target, 'id');
BEGIN
    RETURN (SELECT array_agg(nextval(source)) FROM generate_series(1, many));
END $$;

GRANT EXECUTE ON FUNCTION core_publish_each(text, text, bigint[]), core_next_ids(text, integer) TO etax_worker;
