-- Figures of the court, told once a year with what would tell of somebody withheld, and what petitioners thought of it, counted
-- where nothing leads back. See docs/adr/0060 and 0061.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_figure', 'appeals_answer', 'appeals_satisfaction']) AS name;
SELECT core_append_only('appeals_figure');
SELECT core_open('appeals_figure', 'etax_worker', 'SELECT, INSERT');
SELECT core_open('appeals_answer', 'etax_worker', 'SELECT');
GRANT UPDATE (sealed) ON appeals_answer TO etax_worker;
SELECT core_open('appeals_satisfaction', 'etax_worker', 'SELECT, INSERT, UPDATE');

-- What is told is everybody's.
GRANT SELECT ON appeals_figure TO etax_public, etax_office;
DROP POLICY IF EXISTS everybody ON appeals_figure;
CREATE POLICY everybody ON appeals_figure FOR SELECT TO etax_public, etax_office USING (true);

-- A year is told when it is over, whatever writes it.
CREATE OR REPLACE FUNCTION appeals_check_figure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF extract(year FROM NEW.told_on) <= NEW.year THEN
        RAISE EXCEPTION 'the year % is not over', NEW.year USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_figure_over';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_figure ON appeals_figure;
CREATE TRIGGER check_figure BEFORE INSERT ON appeals_figure FOR EACH ROW EXECUTE FUNCTION appeals_check_figure();

-- The rulings on objections served in a year; those of sealed cases are in no figure. (The column of a seal comes later than this.)
CREATE OR REPLACE FUNCTION appeals_served_in(of_year integer) RETURNS TABLE (
    case_id bigint, tax text, body text, outcome text, days integer, change_id bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, b.tax_id, c.body_id, CASE WHEN r.outcome IN ('cancelled', 'corrected') THEN 'upheld' ELSE r.outcome END,
           billing_local_date(r.signed_at) - billing_local_date(c.received_at), r.change_id
    FROM appeals_ruling r JOIN appeals_case c ON c.id = r.case_id JOIN billing_bill b ON b.id = c.bill_id
    WHERE r.status = 'served' AND r.served_on >= make_date(of_year, 1, 1) AND r.served_on < make_date(of_year + 1, 1, 1)
      -- (The column of a seal comes later than this function.)
      AND c.kind = 'objection' AND NOT coalesce((to_jsonb(c) ->> 'sealed')::boolean, false);
$$;

-- Worker: the true counts of a year, in all, by tax and by body (also of those of whose bills nothing was decided).
CREATE OR REPLACE FUNCTION appeals_counted(of_year integer) RETURNS TABLE (
    "of" text, code text, name_ko text, name_en text, decided integer, upheld integer, rejected integer, dismissed integer,
    reexamined integer, days integer
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH counted AS (
        SELECT CASE WHEN grouping(s.tax) = 0 THEN 'tax' WHEN grouping(s.body) = 0 THEN 'body' ELSE 'all' END AS "of",
               coalesce(s.tax, s.body, '') AS code, count(*)::integer AS decided,
               (count(*) FILTER (WHERE s.outcome = 'upheld'))::integer AS upheld,
               (count(*) FILTER (WHERE s.outcome = 'rejected'))::integer AS rejected,
               (count(*) FILTER (WHERE s.outcome = 'dismissed'))::integer AS dismissed,
               (count(*) FILTER (WHERE s.outcome = 'reexamine'))::integer AS reexamined,
               (percentile_disc(0.5) WITHIN GROUP (ORDER BY s.days))::integer AS days
        FROM appeals_served_in(of_year) s GROUP BY GROUPING SETS ((s.tax), (s.body), ())
    ), named AS (
        SELECT 'all' AS "of", '' AS code, '전체' AS name_ko, 'All' AS name_en
        UNION ALL SELECT 'body', l.code, l.name_ko, l.name_en FROM accounts_levyingbody l WHERE l.kind IN ('city', 'district')
        UNION ALL SELECT 'body', l.code, l.name_ko, l.name_en FROM accounts_levyingbody l JOIN counted k ON k."of" = 'body'
                  AND k.code = l.code WHERE l.kind NOT IN ('city', 'district')
        UNION ALL SELECT 'tax', t.code, t.name_ko, t.name_en FROM billing_taxtype t JOIN counted k ON k."of" = 'tax' AND k.code = t.code
    )
    SELECT n."of", n.code, n.name_ko, n.name_en, coalesce(k.decided, 0), coalesce(k.upheld, 0), coalesce(k.rejected, 0),
           coalesce(k.dismissed, 0), coalesce(k.reexamined, 0), k.days
    FROM named n LEFT JOIN counted k ON (k."of", k.code) = (n."of", n.code) ORDER BY n."of", n.code;
$$;

-- Worker: years that are over and in which rulings were served of which nothing is told yet.
CREATE OR REPLACE FUNCTION appeals_untold_years(today date) RETURNS SETOF integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT extract(year FROM r.served_on)::integer FROM appeals_ruling r
    WHERE r.status = 'served' AND extract(year FROM r.served_on) < extract(year FROM today)
      AND NOT EXISTS (SELECT FROM appeals_figure f WHERE f.year = extract(year FROM r.served_on))
    ORDER BY 1;
$$;
GRANT EXECUTE ON FUNCTION appeals_served_in(integer), appeals_counted(integer), appeals_untold_years(date) TO etax_worker;

-- The petitioner says how satisfied they were: once, as long as they are asked, sealed so that only the worker reads it. A line
-- of the docket, the audit trail or the outbox would say when. 'once': they did; NULL: not theirs, or they are not asked.
CREATE OR REPLACE FUNCTION appeals_answer_survey(of_case bigint, said bytea, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(appeals_asks(of_case, at), '') <> 'asks' OR octet_length(said) > 1000 THEN
        RETURN nullif(appeals_asks(of_case, at), 'asks');
    END IF;
    INSERT INTO appeals_answer (case_id, sealed) VALUES (of_case, said) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'done' ELSE 'once' END;
END $$;

-- Whether the signed-in petitioner of a case is asked how satisfied they are: 'asks', or 'once': they said so. NULL: no.
CREATE OR REPLACE FUNCTION appeals_asks(of_case bigint, at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM appeals_answer a WHERE a.case_id = c.id) THEN 'once'
                WHEN billing_local_date(at) <= r.served_on + (appeals_rule('court_figures', at) ->> 'asked_days')::integer THEN 'asks' END
    FROM appeals_case c JOIN appeals_ruling r ON r.case_id = c.id AND r.status = 'served'
    WHERE c.id = of_case AND session_user = 'etax_public' AND c.taxpayer_id = ANY (accounts_session_taxpayers());
$$;
GRANT EXECUTE ON FUNCTION appeals_answer_survey(bigint, bytea, timestamptz), appeals_asks(bigint, timestamptz) TO etax_public;

-- What is told of it: of quarters that are over, and only if so many answered (a batch is never less).
CREATE OR REPLACE FUNCTION appeals_satisfied(at timestamptz) RETURNS TABLE (quarter text, answers integer, average numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.quarter, x.many::integer, round(x.points::numeric / x.many, 1)
    FROM appeals_satisfaction s, LATERAL (
        SELECT sum(u.many) AS many, sum(u.many * (u.n - 1)) AS points FROM unnest(s.counts) WITH ORDINALITY AS u (many, n)) x
    WHERE s.quarter < to_char(billing_local_date(at), 'YYYY"Q"Q')
      AND x.many >= (appeals_rule('court_figures', at) ->> 'answers')::integer
    ORDER BY s.quarter DESC LIMIT 40;
$$;
GRANT EXECUTE ON FUNCTION appeals_satisfied(timestamptz) TO etax_public, etax_office;
