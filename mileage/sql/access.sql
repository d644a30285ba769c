-- Who may touch points. The worker credits, spends and expires; a citizen sees their own and asks for uses by a function; at the
-- office the city's treasurers and auditors read.
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT')
FROM unnest(ARRAY['mileage_holder', 'mileage_lot', 'mileage_entry', 'mileage_posting']) AS name;
SELECT core_open(name, 'etax_worker', 'SELECT, INSERT, UPDATE')
FROM unnest(ARRAY['mileage_use', 'mileage_earnedbill']) AS name;
GRANT SELECT ON mileage_holder, mileage_lot, mileage_entry, mileage_posting, mileage_use, mileage_earnedbill
    TO etax_public, etax_office;
-- A holder is locked by whoever moves their points (a lock for update wants a right to change, and nothing can be).
GRANT UPDATE ON mileage_holder TO etax_worker;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['mileage_holder', 'mileage_lot', 'mileage_entry', 'mileage_use', 'mileage_earnedbill'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS public_own ON %I', name);
        EXECUTE format('CREATE POLICY public_own ON %I FOR SELECT TO etax_public USING (%I = (SELECT mileage_own()))', name,
                       CASE name WHEN 'mileage_holder' THEN 'taxpayer_id' ELSE 'holder_id' END);
        EXECUTE format('DROP POLICY IF EXISTS office_reads ON %I', name);
        EXECUTE format('CREATE POLICY office_reads ON %I FOR SELECT TO etax_office USING ((SELECT mileage_may_read()))', name);
    END LOOP;
END $$;
DROP POLICY IF EXISTS public_own ON mileage_posting;
CREATE POLICY public_own ON mileage_posting FOR SELECT TO etax_public
    USING (EXISTS (SELECT FROM mileage_entry e WHERE e.id = entry_id));
DROP POLICY IF EXISTS office_reads ON mileage_posting;
CREATE POLICY office_reads ON mileage_posting FOR SELECT TO etax_office USING ((SELECT mileage_may_read()));

GRANT EXECUTE ON FUNCTION mileage_own(), mileage_ask(text, text, bigint, jsonb, timestamptz) TO etax_public;
GRANT EXECUTE ON FUNCTION mileage_lots(bigint, date), mileage_available(bigint, date) TO etax_public, etax_worker;
GRANT EXECUTE ON FUNCTION mileage_may_read() TO etax_office;
GRANT EXECUTE ON FUNCTION mileage_day(timestamptz), mileage_hold(bigint), mileage_post(text, text, bigint, timestamptz, jsonb, jsonb),
    mileage_book(text, text, timestamptz, jsonb), mileage_first(bigint, bigint, date, bigint[]),
    mileage_set_off(bigint, text, timestamptz),
    mileage_credit(bigint, text, text, bigint, date, date, jsonb, timestamptz),
    mileage_take_back(bigint, text, text, bigint, jsonb, timestamptz),
    mileage_reserve(bigint, text, text, bigint, jsonb, timestamptz), mileage_lock_use(text),
    mileage_spend(text, bigint, text, timestamptz), mileage_kept(text),
    mileage_homes(bigint[], integer, date), mileage_coming_back(text, bigint, bigint), mileage_release(text, text, integer, timestamptz),
    mileage_give_back(text, text, bigint, integer, timestamptz), mileage_expire(bigint, timestamptz) TO etax_worker;
