-- The calendar for everybody: what is booked from day to day, in order; of a case that is not heard in public, or is sealed,
-- only that it is there. A name stands nowhere.
CREATE OR REPLACE FUNCTION appeals_calendar_of(first date, last date) RETURNS TABLE (
    session_id bigint, day date, part text, room text, room_ko text, room_en text, way_ko text, way_en text, begins timestamptz,
    minutes integer, seats integer, seats_left integer, step_free boolean, slot_id bigint, minute integer, lasts integer,
    status text, moves integer, booked_at timestamptz, began_at timestamptz, ended_at timestamptz, is_open boolean, number text,
    tax_ko text, tax_en text, body_ko text, body_en text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.day, s.part, s.room, s.room_ko, s.room_en, s.way_ko, s.way_en, s.begins, s.minutes::integer, s.seats::integer,
           s.seats::integer - (SELECT count(*)::integer FROM appeals_seat l WHERE l.session_id = s.id AND l.status = 'seated'),
           s.step_free, x.id, x.minute::integer, x.lasts::integer, x.status, x.moves::integer, x.booked_at, x.began_at, x.ended_at,
           c.is_open,
           CASE WHEN c.is_open THEN c.number END,
           CASE WHEN c.is_open THEN t.name_ko END, CASE WHEN c.is_open THEN t.name_en END,
           CASE WHEN c.is_open THEN l.name_ko END, CASE WHEN c.is_open THEN l.name_en END
    FROM appeals_session s
    JOIN appeals_slot x ON x.session_id = s.id AND x.status <> 'released'
    JOIN (SELECT k.*, k.public_hearing AND NOT k.sealed AS is_open FROM appeals_case k) c ON c.id = x.case_id
    JOIN billing_bill b ON b.id = c.bill_id
    JOIN billing_taxtype t ON t.code = b.tax_id
    JOIN accounts_levyingbody l ON l.code = c.body_id
    WHERE s.day BETWEEN first AND last AND last - first <= 500
    ORDER BY s.day, s.begins, s.room, x.minute;
$$;
GRANT EXECUTE ON FUNCTION appeals_calendar_of(date, date) TO etax_public, etax_office, etax_worker;
