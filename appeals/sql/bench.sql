-- Members are told of their sittings; and where neither chair nor vice-chair is there, whom the chair named in advance presides.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_standin', 'appeals_benchnotice']) AS name;
SELECT core_append_only('appeals_standin');
SELECT core_kept('appeals_benchnotice', 'id');
SELECT core_open('appeals_standin', 'etax_worker', 'SELECT');
SELECT core_open('appeals_benchnotice', 'etax_worker', 'SELECT');
GRANT UPDATE (told_at) ON appeals_benchnotice TO etax_worker;
GRANT SELECT ON appeals_standin TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_standin;
CREATE POLICY office_own ON appeals_standin FOR SELECT TO etax_office USING (EXISTS (SELECT FROM appeals_panel p WHERE p.id = panel_id));

-- The chair of a panel names one of those who were drawn. False: not the chair, not drawn, or the sitting began.
CREATE OR REPLACE FUNCTION appeals_name_standin(of_panel bigint, of_member bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM appeals_panel p WHERE p.id = of_panel AND p.status = 'seated' FOR UPDATE;
    IF NOT FOUND OR EXISTS (SELECT FROM appeals_benchseat s WHERE s.panel_id = of_panel AND s.came_at IS NOT NULL)
       OR NOT coalesce((appeals_rule('hearing_presiding', at) ->> 'named_in_advance')::boolean, false)
       OR NOT EXISTS (SELECT FROM appeals_benchseat s WHERE s.panel_id = of_panel AND s.place = 0 AND s.left_at IS NULL
                      AND s.member_id = appeals_session_member())
       OR NOT EXISTS (SELECT FROM appeals_benchseat s WHERE s.panel_id = of_panel AND s.place > 1 AND s.left_at IS NULL
                      AND s.member_id = of_member) THEN
        RETURN false;
    END IF;
    INSERT INTO appeals_standin (panel_id, member_id, named_by_id, named_at)
    VALUES (of_panel, of_member, appeals_session_member(), at);
    RETURN true;
END $$;

-- What somebody has to hear of: once, however often it changes before they are written to.
CREATE OR REPLACE FUNCTION appeals_tell_bench(of_panel bigint, of_member bigint, what text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO appeals_benchnotice (panel_id, member_id, news, at) VALUES (of_panel, of_member, what, now())
    ON CONFLICT (panel_id, member_id, news) WHERE told_at IS NULL DO NOTHING;
$$;

-- Called to a sitting, or off it.
CREATE OR REPLACE FUNCTION appeals_tell_seat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM appeals_tell_bench(NEW.panel_id, NEW.member_id, CASE TG_OP WHEN 'INSERT' THEN 'called' ELSE 'off' END);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS tell_called ON appeals_benchseat;
CREATE TRIGGER tell_called AFTER INSERT ON appeals_benchseat FOR EACH ROW EXECUTE FUNCTION appeals_tell_seat();
DROP TRIGGER IF EXISTS tell_off ON appeals_benchseat;
CREATE TRIGGER tell_off AFTER UPDATE OF left_at ON appeals_benchseat FOR EACH ROW
    WHEN (NEW.left_at IS NOT NULL AND OLD.left_at IS NULL) EXECUTE FUNCTION appeals_tell_seat();

-- Other cases than those that they were told of: moved to or from another sitting, or taken off. Who is yet to be told of the
-- sitting hears of it then.
CREATE OR REPLACE FUNCTION appeals_tell_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM appeals_tell_bench(NEW.panel_id, s.member_id, 'cases')
    FROM appeals_benchseat s JOIN appeals_panel p ON p.id = s.panel_id
    WHERE s.panel_id = NEW.panel_id AND s.left_at IS NULL AND p.status = 'seated' AND p.day >= billing_local_date(now())
      AND NOT EXISTS (SELECT FROM appeals_benchnotice n WHERE n.panel_id = s.panel_id AND n.member_id = s.member_id
                      AND n.news = 'called' AND n.told_at IS NULL)
    ORDER BY s.member_id;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS tell_listed ON appeals_listed;
CREATE TRIGGER tell_listed AFTER INSERT ON appeals_listed FOR EACH ROW EXECUTE FUNCTION appeals_tell_cases();
DROP TRIGGER IF EXISTS tell_off_the_list ON appeals_listed;
CREATE TRIGGER tell_off_the_list AFTER UPDATE OF off_at ON appeals_listed FOR EACH ROW
    WHEN (NEW.off_at IS DISTINCT FROM OLD.off_at) EXECUTE FUNCTION appeals_tell_cases();

GRANT EXECUTE ON FUNCTION appeals_name_standin(bigint, bigint, timestamptz), appeals_stands_in(bigint) TO etax_office;
