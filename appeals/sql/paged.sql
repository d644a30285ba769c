-- Page numbers of a side's file: each file takes its own pages, for everybody the same, whoever may read it.
SELECT core_secure('appeals_paged');
SELECT core_open('appeals_paged', 'etax_worker', 'SELECT, INSERT');

-- Files of a case that were looked at, in order, as far as none before them waits: which they are and how many pages they take. No
-- name and no content: of a file that is sealed from the session nothing else is told.
CREATE OR REPLACE FUNCTION appeals_pages_of(of_case bigint) RETURNS TABLE (file_id bigint, side text, pages integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, CASE e.side WHEN 'office' THEN 'office' ELSE 'petitioner' END, p.pages::integer
    FROM appeals_evidence e JOIN appeals_paged p ON p.file_id = e.id
    WHERE e.case_id = of_case AND NOT EXISTS (
        SELECT FROM appeals_evidence w WHERE w.case_id = e.case_id AND w.id < e.id AND (w.side = 'office') = (e.side = 'office')
        AND NOT EXISTS (SELECT FROM appeals_paged q WHERE q.file_id = w.id))
    ORDER BY e.id;
$$;
-- As the caller: nothing of a case that the session does not see.
CREATE OR REPLACE FUNCTION appeals_places(of_case bigint) RETURNS TABLE (file_id bigint, side text, pages integer)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT p.file_id, p.side, p.pages FROM appeals_case c, appeals_pages_of(c.id) p WHERE c.id = of_case;
$$;
GRANT EXECUTE ON FUNCTION appeals_pages_of(bigint), appeals_places(bigint) TO etax_public, etax_office;
