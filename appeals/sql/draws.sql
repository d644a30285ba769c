-- Draws of the court: the worker fixes, binds and tells; everybody may read what was published, which names nobody. The secret
-- before it is told, and who stands behind a mark, are the worker's alone. See docs/adr/0036.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_draw', 'appeals_drawsecret', 'appeals_drawmark']) AS name;
SELECT core_append_only(name) FROM unnest(ARRAY['appeals_drawsecret', 'appeals_drawmark']) AS name;
SELECT core_open('appeals_draw', 'etax_worker', 'SELECT, INSERT, UPDATE');
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT') FROM unnest(ARRAY['appeals_drawsecret', 'appeals_drawmark']) AS name;
SELECT core_open('appeals_draw', role, 'SELECT') FROM unnest(ARRAY['etax_public', 'etax_office']) AS role;

-- What was fixed, bound or told is written once, in that order; no draw is taken back.
CREATE OR REPLACE FUNCTION appeals_keep_draw() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (OLD.kind, OLD.about, OLD.facts, OLD.fixed, OLD.fixed_at) IS DISTINCT FROM
          (NEW.kind, NEW.about, NEW.facts, NEW.fixed, NEW.fixed_at)
       OR OLD.fixed_leaf_id IS NOT NULL AND OLD.fixed_leaf_id IS DISTINCT FROM NEW.fixed_leaf_id
       OR OLD.status <> 'fixed' AND (OLD.commitment, OLD.after, OLD.bound_at, OLD.bound_leaf_id) IS DISTINCT FROM
                                    (NEW.commitment, NEW.after, NEW.bound_at, NEW.bound_leaf_id)
       OR OLD.status = 'drawn' AND OLD IS DISTINCT FROM NEW
       OR OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (('fixed', 'bound'), ('bound', 'drawn')) THEN
        RAISE EXCEPTION 'draw % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_draw ON appeals_draw;
CREATE TRIGGER keep_draw BEFORE UPDATE OR DELETE ON appeals_draw FOR EACH ROW EXECUTE FUNCTION appeals_keep_draw();
