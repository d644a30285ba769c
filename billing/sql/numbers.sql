-- A run of bill numbers at once. The rules are billing.rules.numbers; tests hold both to the same digits.

-- (10 - weighted sum mod 10) mod 10, the weights repeating.
CREATE OR REPLACE FUNCTION billing_check_digit(digits text, weights integer[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT ((10 - sum(substr(digits, place, 1)::integer * weights[(place - 1) % cardinality(weights) + 1]) % 10) % 10)::text
    FROM generate_series(1, length(digits)) AS place;
$$;

-- Tax numbers (납세번호, 31 digits) of `many` serials from `first` on. `tail` is what stands between the first check digit
-- and the serial: 18 digits, an even number, so that the weights 1, 2 of the tail go on with 1 at the serial.
CREATE OR REPLACE FUNCTION billing_tax_numbers(office text, tail text, first bigint, many integer) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    head text := office || billing_check_digit(office, '{3,7,1}') || tail;
    weighed integer := (10 - billing_check_digit(tail, '{1,2}')::integer) % 10;
BEGIN
    IF length(office) <> 5 OR length(tail) <> 18 OR first < 0 OR first + many > 1000000 THEN
        RAISE EXCEPTION 'a tax number holds five digits of an office, eighteen of the levy and six of a serial'
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    RETURN (
        SELECT array_agg(
            head || lpad(s::text, 6, '0') || (10 - (
                weighed + s / 100000 + s / 10000 % 10 * 2 + s / 1000 % 10 + s / 100 % 10 * 2 + s / 10 % 10 + s % 10 * 2
            ) % 10) % 10
        ) FROM generate_series(first::integer, first::integer + many - 1) AS s);
END $$;

-- Electronic payment numbers (전자납부번호, 19 digits) by the scheme `spread_serials`; `head` is institution, kind, year and
-- item.
CREATE OR REPLACE FUNCTION billing_spread_serials(head text, first bigint, many integer) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF length(head) <> 10 OR first < 0 OR first + many > 1000000000 THEN
        RAISE EXCEPTION 'an electronic payment number holds ten digits of an office and nine of a serial'
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    RETURN (SELECT array_agg(head || lpad((s * 387420489 % 1000000000)::text, 9, '0'))
            FROM generate_series(first, first + many - 1) AS s);
END $$;

GRANT EXECUTE ON FUNCTION billing_check_digit(text, integer[]), billing_tax_numbers(text, text, bigint, integer),
    billing_spread_serials(text, bigint, integer) TO etax_worker;
