-- Decisions in the open. What is published stands in a table that leads back to nobody; what a case is known by, the database
-- knows, and it lets no text through in which any of it stands. See docs/adr/0049.
SELECT core_secure(name) FROM unnest(ARRAY['appeals_publication', 'appeals_publishedcase']) AS name;
SELECT core_append_only('appeals_publishedcase');
SELECT core_kept('appeals_publication', 'id');
SELECT core_open(name, 'etax_worker', 'SELECT') FROM unnest(ARRAY['appeals_publication', 'appeals_publishedcase']) AS name;

-- The last version, without who published it, is everybody's; a former one is named by its successor, and read by nobody outside.
REVOKE SELECT ON appeals_publication FROM etax_public;
GRANT SELECT (id, year, number, version, tax, tax_ko, tax_en, ground, outcome, wish, decided_year, gist_ko, gist_en, claims,
    reasons, history, published_on, replaced_on, words) ON appeals_publication TO etax_public;
DROP POLICY IF EXISTS public_read ON appeals_publication;
CREATE POLICY public_read ON appeals_publication FOR SELECT TO etax_public USING (replaced_on IS NULL);

-- The office: of cases that the officer sees.
GRANT SELECT ON appeals_publication, appeals_publishedcase TO etax_office;
DROP POLICY IF EXISTS office_own ON appeals_publishedcase;
CREATE POLICY office_own ON appeals_publishedcase FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_case c WHERE c.id = case_id));
DROP POLICY IF EXISTS office_own ON appeals_publication;
CREATE POLICY office_own ON appeals_publication FOR SELECT TO etax_office
    USING (EXISTS (SELECT FROM appeals_publishedcase p
                   WHERE (p.year, p.number) = (appeals_publication.year, appeals_publication.number)));

-- As it is compared: widths and cases of letters, spaces and marks make no difference.
CREATE OR REPLACE FUNCTION appeals_bare(said text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT lower(regexp_replace(normalize(said, NFKC),
        E'[\\s\\u00ad\\u200b-\\u200f\\u2060\\ufeff\\u00b7\\u318d\\u2010-\\u2015\\u3001\\u3002!-/:-@\\[-`{-~]', '', 'g'));
$$;
-- Numbers as one reads them: without what parts thousands.
CREATE OR REPLACE FUNCTION appeals_numbers(said text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT regexp_replace(normalize(said, NFKC), E'(?<=\\d)[,.\' ](?=\\d{3}(?!\\d))', '', 'g');
$$;

-- What a case is known by. `counts`: a number that stands for itself, and is not looked for within longer ones.
CREATE OR REPLACE FUNCTION appeals_identifying(of_case bigint) RETURNS TABLE (kind text, value text, counts boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH here AS (
        SELECT c.id, c.number, c.taxpayer_id, c.bill_id, c.wish_amount FROM appeals_case c WHERE c.id = of_case
    ), people AS (
        SELECT 'name' AS kind, t.id, t.name, t.birth_date, t.email FROM here JOIN accounts_taxpayer t ON t.id = here.taxpayer_id
        UNION SELECT 'agent', t.id, t.name, t.birth_date, t.email
        FROM here JOIN accounts_authority a ON a.principal_id = here.taxpayer_id JOIN accounts_taxpayer t ON t.id = a.agent_id
    ), addresses AS (
        SELECT a.text FROM people JOIN accounts_taxpayeraddress a ON a.taxpayer_id = people.id
    ), sums AS (
        SELECT b.amount FROM here JOIN billing_bill b ON b.id = here.bill_id
        UNION SELECT l.amount FROM here JOIN billing_billline l ON l.bill_id = here.bill_id
        UNION SELECT here.wish_amount FROM here
        UNION SELECT w.won::bigint FROM appeals_ruling r, jsonb_each_text(r.lines) AS w (line, won) WHERE r.case_id = of_case
        UNION SELECT sum(w.won::bigint)::bigint FROM appeals_ruling r, jsonb_each_text(r.lines) AS w (line, won)
              WHERE r.case_id = of_case
    )
    SELECT f.kind, f.value, f.counts FROM (
        SELECT people.kind, people.name, false FROM people
        UNION SELECT people.kind, regexp_replace(people.name, '주식회사|유한회사|\(주\)|\(유\)|㈜', '', 'g'), false FROM people
        UNION SELECT 'advocate', o.name, false FROM appeals_advocacy a JOIN accounts_officer o ON o.account_id = a.advocate_id
              WHERE a.case_id = of_case
        UNION SELECT 'advocate', told.value, false FROM appeals_counselrequest q, unnest(ARRAY[q.name, q.contact]) AS told (value)
              WHERE q.case_id = of_case
        UNION SELECT 'email', people.email, false FROM people
        UNION SELECT 'birth', to_char(people.birth_date, form), false
        FROM people, unnest(ARRAY['YYYY-MM-DD', 'YYYY"년" MM"월" DD"일"', 'YYYY"년" FMMM"월" FMDD"일"', 'FMMonth FMDD, YYYY',
            'FMDD FMMonth YYYY', 'FMMon FMDD, YYYY', 'FMDD FMMon YYYY']) AS form
        UNION SELECT 'birth', to_char(people.birth_date, 'YYMMDD'), true FROM people
        UNION SELECT 'address', addresses.text, false FROM addresses
        UNION SELECT 'address', (regexp_match(addresses.text, '[가-힣0-9]+(?:로|길)\s*[0-9]+(?:-[0-9]+)?'))[1], false FROM addresses
        UNION SELECT 'bill', n.value, false FROM here JOIN billing_bill b ON b.id = here.bill_id,
            unnest(ARRAY[b.epay_number, b.tax_number, b.roll_ref]) AS n (value) WHERE length(n.value) > 5
        UNION SELECT 'object', b.object_ref, false FROM here JOIN billing_bill b ON b.id = here.bill_id
              WHERE length(appeals_bare(b.object_ref)) > 3
        UNION SELECT 'case', here.number, false FROM here
        UNION SELECT 'sum', sums.amount::text, true FROM sums WHERE sums.amount >= 10000  -- less tells nobody apart
    ) AS f (kind, value, counts)
    WHERE length(appeals_bare(f.value)) > 1;
$$;

-- Kinds of what identifies somebody and still stands in a text: what the case is known by, and what has the form of it.
CREATE OR REPLACE FUNCTION appeals_still_names(of_case bigint, said text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT found.kind ORDER BY found.kind), '{}') FROM (
        SELECT i.kind FROM appeals_identifying(of_case) i
        WHERE CASE WHEN i.counts THEN appeals_numbers(said) ~ ('(?<!\d)' || i.value || '(?!\d)')
                   ELSE position(appeals_bare(i.value) IN appeals_bare(said)) > 0 END
        UNION SELECT p.kind FROM (VALUES
            ('resident', '(?<!\d)\d{6}\s*-?\s*[1-8]\d{6}(?!\d)'), ('phone', '(?<!\d)01[016-9][-. ]?\d{3,4}[-. ]?\d{4}(?!\d)'),
            ('email', '[[:alnum:]._+-]+@[[:alnum:]-]+\.[[:alnum:].-]+')) AS p (kind, form)
        WHERE normalize(said, NFKC) ~ p.form
    ) found;
$$;

-- For the clerk's proposal.
CREATE OR REPLACE FUNCTION appeals_to_black_out(of_case bigint) RETURNS TABLE (kind text, value text, counts boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.kind, i.value, i.counts FROM appeals_case c, appeals_identifying(c.id) i
    WHERE c.id = of_case AND appeals_hears(c, 'court_clerk');
$$;

-- Whatever writes it: the decision of a served ruling only, naming nobody; once written only what follows it is added.
CREATE OR REPLACE FUNCTION appeals_check_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    behind bigint;
    names text[];
    said text := concat_ws(E'\n', NEW.gist_ko, NEW.gist_en, NEW.claims, NEW.reasons, NEW.history::text,
                            NEW.stems);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (to_jsonb(OLD) - ARRAY['replaced_on', 'withheld']) <> (to_jsonb(NEW) - ARRAY['replaced_on', 'withheld'])
           OR OLD.replaced_on IS NOT NULL AND OLD.replaced_on IS DISTINCT FROM NEW.replaced_on THEN
            RAISE EXCEPTION 'a published decision stays as it is' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT p.case_id INTO behind FROM appeals_publishedcase p JOIN appeals_ruling r ON r.case_id = p.case_id
    WHERE p.year = NEW.year AND p.number = NEW.number AND r.status = 'served' AND r.outcome = NEW.outcome;
    IF behind IS NULL THEN
        RAISE EXCEPTION 'no served ruling stands behind it' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_publication_served';
    END IF;
    names := appeals_still_names(behind, said);
    IF names <> '{}' THEN
        RAISE EXCEPTION 'it tells who somebody is: %', names
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appeals_publication_names_nobody';
    END IF;
    NEW.words := to_tsvector('simple', said) || to_tsvector('english', said);
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS check_publication ON appeals_publication;
CREATE TRIGGER check_publication BEFORE INSERT OR UPDATE ON appeals_publication
    FOR EACH ROW EXECUTE FUNCTION appeals_check_publication();

-- The clerk publishes, or corrects by a further version. {"names": kinds that still stand}, {"wanted": "because"}, or where it
-- stands: {"year", "number", "version"}. NULL: not theirs, sealed, or not served.
CREATE OR REPLACE FUNCTION appeals_publish(of_case bigint, said jsonb, at timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here appeals_case%ROWTYPE;
    ruled appeals_ruling%ROWTYPE;
    place appeals_publishedcase%ROWTYPE;
    former appeals_publication%ROWTYPE;
    today date := billing_local_date(at);
    names text[];
BEGIN
    SELECT * INTO here FROM appeals_case c WHERE c.id = of_case AND c.status = 'served' FOR UPDATE;
    SELECT * INTO ruled FROM appeals_ruling r WHERE r.case_id = here.id AND r.status = 'served';
    IF ruled.id IS NULL OR here.sealed OR NOT appeals_hears(here, 'court_clerk') THEN
        RETURN NULL;
    END IF;
    names := appeals_still_names(here.id, concat_ws(E'\n', said ->> 'gist_ko', said ->> 'gist_en', said ->> 'claims',
                                                    said ->> 'reasons', said ->> 'because'));
    IF names <> '{}' THEN
        RETURN jsonb_build_object('names', names);
    END IF;
    SELECT * INTO place FROM appeals_publishedcase p WHERE p.case_id = here.id;
    IF place.id IS NULL THEN
        PERFORM core_take_turn('decisions');  -- numbers without a gap
        INSERT INTO appeals_publishedcase (case_id, year, number)
        SELECT here.id, date_part('year', today), 1 + coalesce(max(p.number), 0) FROM appeals_publishedcase p
        WHERE p.year = date_part('year', today) RETURNING * INTO place;
    ELSIF coalesce(said ->> 'because', '') = '' THEN
        RETURN '{"wanted": "because"}'::jsonb;
    END IF;
    UPDATE appeals_publication p SET replaced_on = today
    WHERE p.year = place.year AND p.number = place.number AND p.replaced_on IS NULL RETURNING * INTO former;
    INSERT INTO appeals_publication AS p (year, number, version, tax, tax_ko, tax_en, ground, outcome, wish, decided_year,
        gist_ko, gist_en, claims, reasons, stems, history, published_on, published_by_id, published_at)
    SELECT place.year, place.number, coalesce(former.version, 0) + 1, t.code, t.name_ko, t.name_en, said ->> 'ground',
           ruled.outcome, here.wish, date_part('year', billing_local_date(ruled.signed_at)), left(said ->> 'gist_ko', 300),
           left(said ->> 'gist_en', 300), left(said ->> 'claims', 10000), left(said ->> 'reasons', 20000),
           coalesce(said ->> 'stems', ''),
           CASE WHEN former.id IS NULL THEN '[]'::jsonb ELSE former.history || jsonb_build_object('version', former.version,
               'published_on', former.published_on, 'replaced_on', today, 'because', left(said ->> 'because', 300)) END,
           today, accounts_session_account(), at
    FROM billing_bill b JOIN billing_taxtype t ON t.code = b.tax_id WHERE b.id = here.bill_id;
    RETURN jsonb_build_object('year', place.year, 'number', place.number, 'version', coalesce(former.version, 0) + 1);
END $$;

GRANT EXECUTE ON FUNCTION appeals_publish(bigint, jsonb, timestamptz), appeals_to_black_out(bigint) TO etax_office;
