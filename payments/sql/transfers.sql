-- Money that the city sends: a transfer is ordered once and stands in the books from then on; the worker writes what is due
-- into a file (pain.001), one officer approves it and another releases it, by the hash of its very bytes; what the bank says,
-- and what its statement shows, ends it.

SELECT core_secure(name) FROM unnest(ARRAY['payments_transfer', 'payments_transferbatch']) AS name;
SELECT core_open('payments_transfer', 'etax_worker', 'SELECT'), core_open('payments_transferbatch', 'etax_worker', 'SELECT');
GRANT SELECT ON payments_transfer, payments_transferbatch TO etax_office;

-- Accounts and names of whom the city pays are read by those who decide about it and by auditors, of the city.
CREATE OR REPLACE FUNCTION payments_may_read_transfers() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT accounts_session_of_the_city() AND (
        accounts_session_has_role('treasurer') OR accounts_session_has_role('approver') OR accounts_session_has_role('auditor'));
$$;
GRANT EXECUTE ON FUNCTION payments_may_read_transfers() TO etax_office;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['payments_transfer', 'payments_transferbatch'] LOOP
        EXECUTE format('DROP POLICY IF EXISTS office_of_the_city ON %I', name);
        EXECUTE format('CREATE POLICY office_of_the_city ON %I FOR SELECT TO etax_office
            USING ((SELECT payments_may_read_transfers()))', name);
    END LOOP;
END $$;

-- What a file holds and what a transfer says stays as it was written, whoever writes.
SELECT core_fixed('payments_transferbatch', name)
FROM unnest(ARRAY['message_id', 'bank', 'execute_on', 'transfers_count', 'amount', 'content', 'digest']) AS name;
SELECT core_fixed('payments_transfer', name)
FROM unnest(ARRAY['reference', 'purpose', 'key', 'repeats_id', 'from_bank', 'bank', 'account', 'holder', 'text', 'amount',
                  'owed_body_id', 'owed_tax', 'owed_purpose']) AS name;
SELECT core_kept('payments_transferbatch', 'id'), core_kept('payments_transfer', 'id');

-- A transfer's entry: what is owed is paid out of what is on its way (수납 미결제); `sign` -1 undoes it. The bank's statement
-- takes it out of the treasury.
CREATE OR REPLACE FUNCTION payments_post_transfer(moved payments_transfer, kind text, sign integer, at timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledger_post_entry(kind, (moved).reference, billing_local_date(at), at, jsonb_build_array(
        jsonb_build_object('body', (moved).owed_body_id, 'tax', (moved).owed_tax, 'purpose', (moved).owed_purpose,
                           'amount', sign * (moved).amount),
        jsonb_build_object('body', (moved).owed_body_id, 'tax', 'unassigned', 'purpose', 'clearing',
                           'amount', -sign * (moved).amount)));
END $$;

-- Orders a transfer, in the caller's transaction; its id. `facts`: {"reference", "purpose", "key", "from_bank", "bank",
-- "account", "holder", "text", "amount", "pay_on", "owed_body", "owed_tax", "owed_purpose"}. The same purpose and key again is
-- the transfer that is here, and must say the same.
CREATE OR REPLACE FUNCTION payments_order_transfer(facts jsonb, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made payments_transfer%ROWTYPE;
BEGIN
    made := payments_insert_transfer(facts, NULL, at);
    IF made.id IS NOT NULL THEN
        RETURN made.id;
    END IF;
    SELECT * INTO STRICT made FROM payments_transfer t
    WHERE t.purpose = facts ->> 'purpose' AND t.key = facts ->> 'key' AND t.repeats_id IS NULL;
    IF (made.bank, made.account, made.holder, made.amount, made.owed_body_id, made.owed_tax, made.owed_purpose)
       IS DISTINCT FROM (facts ->> 'bank', facts ->> 'account', facts ->> 'holder', (facts ->> 'amount')::bigint,
                         facts ->> 'owed_body', facts ->> 'owed_tax', facts ->> 'owed_purpose') THEN
        RAISE EXCEPTION 'transfer % % was ordered otherwise', made.purpose, made.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_transfer_ordered_otherwise';
    END IF;
    RETURN made.id;
END $$;

-- No row where the purpose and key are here, or where the one to repeat is repeated already.
CREATE OR REPLACE FUNCTION payments_insert_transfer(facts jsonb, of_transfer bigint, at timestamptz) RETURNS payments_transfer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made payments_transfer%ROWTYPE;
BEGIN
    -- What no message can hold would keep the whole day's file from being written.
    IF (facts ->> 'holder') || (facts ->> 'text') ~ '[[:cntrl:]\uFFFE\uFFFF]' OR facts ->> 'bank' !~ '^[0-9]{3}$'
       OR facts ->> 'account' !~ '^[0-9]{1,34}$' OR trim(facts ->> 'holder') = '' THEN
        RAISE EXCEPTION 'transfer % fits no message', facts ->> 'reference'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_transfer_fits_a_message';
    END IF;
    INSERT INTO payments_transfer (reference, purpose, key, repeats_id, from_bank, bank, account, holder, text, amount, pay_on,
                                   owed_body_id, owed_tax, owed_purpose, status, answer, problem, ordered_at)
    SELECT f.reference, f.purpose, f.key, of_transfer, f.from_bank, f.bank, f.account, f.holder, f.text, f.amount, f.pay_on,
           f.owed_body, f.owed_tax, f.owed_purpose, 'ordered', '', '', at
    FROM jsonb_to_record(facts) AS f(
        reference text, purpose text, key text, from_bank text, bank text, account text, holder text, text text,
        amount bigint, pay_on date, owed_body text, owed_tax text, owed_purpose text)
    ON CONFLICT DO NOTHING RETURNING * INTO made;
    IF made.id IS NOT NULL THEN
        PERFORM payments_post_transfer(made, 'transfer', 1, at);
    END IF;
    RETURN made;
END $$;

-- Takes back an order that stands in no file yet; false if there is none such.
CREATE OR REPLACE FUNCTION payments_withdraw_transfer(of_purpose text, of_key text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    withdrawn payments_transfer%ROWTYPE;
BEGIN
    UPDATE payments_transfer t SET status = 'withdrawn'
    WHERE t.purpose = of_purpose AND t.key = of_key AND t.status = 'ordered' RETURNING * INTO withdrawn;
    IF withdrawn.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM payments_post_transfer(withdrawn, 'transfer_undone', -1, at);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION payments_order_transfer(jsonb, timestamptz), payments_withdraw_transfer(text, text, timestamptz)
    TO etax_worker;

-- What the worker wrote about these transfers, all of them still ordered; its number.
CREATE OR REPLACE FUNCTION payments_file_transfers(
    transfer_ids bigint[], of_bank text, of_message text, execute_on date, content bytea, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
    filed bigint;
BEGIN
    PERFORM FROM payments_transfer t WHERE t.id = ANY (transfer_ids) ORDER BY t.id FOR UPDATE;
    INSERT INTO payments_transferbatch (bank, message_id, execute_on, transfers_count, amount, content, digest, status,
                                        written_at, reason, asks, problem)
    SELECT of_bank, of_message, payments_file_transfers.execute_on, count(*), sum(t.amount), payments_file_transfers.content,
           encode(sha256(payments_file_transfers.content), 'hex'), 'written', at, '', 0, ''
    FROM payments_transfer t WHERE t.id = ANY (transfer_ids) RETURNING id INTO made;
    UPDATE payments_transfer t SET status = 'filed', batch_id = made
    WHERE t.id = ANY (transfer_ids) AND t.status = 'ordered' AND t.from_bank = of_bank;
    GET DIAGNOSTICS filed = ROW_COUNT;
    IF filed <> cardinality(transfer_ids) THEN
        RAISE EXCEPTION 'a transfer was taken meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN made;
END $$;

-- An officer of the city says yes to a file by its hash: first a treasurer, then an approver who is somebody else. 'approved'
-- or 'released'; 'changed': the bytes that are here don't give the hash; NULL: not theirs to say, or not its turn.
CREATE OR REPLACE FUNCTION payments_agree_to_batch(of_batch bigint, seen text, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    officer bigint := accounts_session_account();
    batch payments_transferbatch%ROWTYPE;
    becomes text;
BEGIN
    SELECT * INTO batch FROM payments_transferbatch b WHERE b.id = of_batch FOR UPDATE;
    becomes := CASE
        WHEN NOT accounts_session_of_the_city() THEN NULL
        WHEN batch.status = 'written' AND accounts_session_has_role('treasurer') THEN 'approved'
        WHEN batch.status = 'approved' AND accounts_session_has_role('approver') AND batch.approved_by_id <> officer
            THEN 'released'
    END;
    IF becomes IS NULL THEN
        RETURN NULL;
    ELSIF encode(sha256(batch.content), 'hex') IS DISTINCT FROM batch.digest OR batch.digest IS DISTINCT FROM seen THEN
        RETURN 'changed';
    ELSIF becomes = 'approved' THEN
        UPDATE payments_transferbatch b SET status = becomes, approved_by_id = officer, approved_at = at WHERE b.id = of_batch;
    ELSE
        UPDATE payments_transferbatch b SET status = becomes, released_by_id = officer, released_at = at WHERE b.id = of_batch;
    END IF;
    PERFORM core_audit('transfers.' || becomes, 'transfers:' || batch.message_id, officer, NULL, '', jsonb_build_object(
        'digest', batch.digest, 'amount', batch.amount, 'transfers', batch.transfers_count), '', '');
    RETURN becomes;
END $$;

-- A file that is not to be sent: its transfers wait for another. False: not theirs to say, or released already.
CREATE OR REPLACE FUNCTION payments_withdraw_batch(of_batch bigint, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    batch payments_transferbatch%ROWTYPE;
BEGIN
    IF NOT accounts_session_of_the_city() OR trim(why) = ''
       OR NOT (accounts_session_has_role('treasurer') OR accounts_session_has_role('approver')) THEN
        RETURN false;
    END IF;
    UPDATE payments_transferbatch b SET status = 'withdrawn', withdrawn_by_id = accounts_session_account(), reason = why
    WHERE b.id = of_batch AND b.status IN ('written', 'approved') RETURNING * INTO batch;
    IF batch.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE payments_transfer t SET status = 'ordered', batch_id = NULL WHERE t.batch_id = batch.id;
    PERFORM core_audit('transfers.withdrawn', 'transfers:' || batch.message_id, accounts_session_account(), NULL, why,
                       jsonb_build_object('at', at), '', '');
    RETURN true;
END $$;

-- A remittance that the bank rejected or that came back is ordered again, corrected; NULL: not theirs, or repeated already.
-- Refunds are corrected where they were ordered.
CREATE OR REPLACE FUNCTION payments_repeat_transfer(of_transfer bigint, facts jsonb, why text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    failed payments_transfer%ROWTYPE;
    made payments_transfer%ROWTYPE;
BEGIN
    SELECT * INTO failed FROM payments_transfer t WHERE t.id = of_transfer FOR UPDATE;
    IF failed.status NOT IN ('rejected', 'returned') OR failed.purpose <> 'remittance' OR trim(why) = ''
       OR NOT (accounts_session_of_the_city() AND accounts_session_has_role('treasurer')) THEN
        RETURN NULL;
    END IF;
    made := payments_insert_transfer(to_jsonb(failed) || jsonb_build_object(
        'reference', facts -> 'reference', 'bank', facts -> 'bank', 'account', facts -> 'account',
        'holder', facts -> 'holder', 'owed_body', failed.owed_body_id), failed.id, at);
    IF made.id IS NOT NULL THEN
        PERFORM core_audit('transfer.repeated', 'transfer:' || failed.reference, accounts_session_account(), NULL, why,
                           jsonb_build_object('by', made.reference), '', '');
    END IF;
    RETURN made.id;
END $$;
GRANT EXECUTE ON FUNCTION payments_agree_to_batch(bigint, text, timestamptz),
    payments_withdraw_batch(bigint, text, timestamptz), payments_repeat_transfer(bigint, jsonb, text, timestamptz)
    TO etax_office;

-- From here on a released file may be with the bank; its transfers wait for an answer. False if it is not to be sent, or if its
-- bytes are not those that were released: then its `problem` says so, and people decide.
CREATE OR REPLACE FUNCTION payments_send_batch(of_batch bigint, seen text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    batch payments_transferbatch%ROWTYPE;
BEGIN
    SELECT * INTO batch FROM payments_transferbatch b WHERE b.id = of_batch AND b.status IN ('released', 'sent') FOR UPDATE;
    IF batch.id IS NULL THEN
        RETURN false;
    ELSIF seen IS DISTINCT FROM batch.digest THEN
        UPDATE payments_transferbatch b SET problem = 'not the bytes that were released' WHERE b.id = of_batch;
        RETURN false;
    END IF;
    UPDATE payments_transferbatch b SET status = 'sent', problem = '' WHERE b.id = of_batch;
    UPDATE payments_transfer t SET status = 'sent' WHERE t.batch_id = of_batch AND t.status = 'filed';
    RETURN true;
END $$;

-- The file lies where the bank takes it; it is put there again at `again` if a transfer has no answer by then.
CREATE OR REPLACE FUNCTION payments_batch_dropped(of_batch bigint, at timestamptz, again timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE payments_transferbatch b
    SET dropped_at = coalesce(b.dropped_at, payments_batch_dropped.at), asks = b.asks + (b.dropped_at IS NOT NULL)::integer,
        ask_at = CASE WHEN EXISTS (SELECT FROM payments_transfer t WHERE t.batch_id = b.id AND t.status = 'sent') THEN again END
    WHERE b.id = of_batch;
$$;

-- Tells who ordered a transfer what became of it.
CREATE OR REPLACE FUNCTION payments_tell_of_transfer(told payments_transfer, topic text) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT core_publish(topic, jsonb_build_object(
        'transfer_id', (told).id, 'reference', (told).reference, 'purpose', (told).purpose, 'key', (told).key,
        'amount', (told).amount, 'reason', (told).answer));
$$;

-- The bank's word about transfers of one of our messages; `of_reference` empty: about all of them. How many it changed. What
-- contradicts what is known changes nothing and is noted; a yes to the whole message does not contradict a no to one of it,
-- whichever is heard first.
CREATE OR REPLACE FUNCTION payments_answer_transfers(
    of_bank text, of_message text, of_reference text, said text, why text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one payments_transfer%ROWTYPE;
    changed bigint := 0;
BEGIN
    FOR one IN
        SELECT t.* FROM payments_transfer t JOIN payments_transferbatch b ON b.id = t.batch_id
        WHERE b.bank = of_bank AND b.message_id = of_message AND b.status = 'sent'
          AND (of_reference = '' OR t.reference = of_reference)
        ORDER BY t.id FOR UPDATE OF t
    LOOP
        IF said = 'accepted' AND one.status = 'sent' OR said = 'rejected' AND one.status IN ('sent', 'accepted') THEN
            UPDATE payments_transfer t SET status = said, answer = why, problem = '', answered_at = at WHERE t.id = one.id
            RETURNING * INTO one;
            IF said = 'rejected' THEN
                PERFORM payments_post_transfer(one, 'transfer_undone', -1, at);
            END IF;
            PERFORM payments_tell_of_transfer(one, 'payments.transfer_' || said || '.v1');
            changed := changed + 1;
        ELSIF said = 'rejected' AND one.status <> 'rejected'
              OR said = 'accepted' AND one.status = 'rejected' AND of_reference <> '' THEN
            UPDATE payments_transfer t SET problem = left('the bank says ' || said || ' ' || why || ' afterwards', 200)
            WHERE t.id = one.id;
        END IF;
    END LOOP;
    UPDATE payments_transferbatch b SET ask_at = NULL
    WHERE b.bank = of_bank AND b.message_id = of_message AND b.ask_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM payments_transfer t WHERE t.batch_id = b.id AND t.status = 'sent');
    RETURN changed;
END $$;

-- A line of a bank's file that names a transfer of ours (EndToEndId): it left, or came back. Its fate; NULL where it is neither
-- as the transfer says, so that it stays money that nothing explains.
CREATE OR REPLACE FUNCTION payments_line_of_transfer(of_line bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line payments_bankline%ROWTYPE;
    moved payments_transfer%ROWTYPE;
BEGIN
    SELECT * INTO STRICT line FROM payments_bankline l WHERE l.id = of_line;
    SELECT t.* INTO moved FROM payments_transfer t
    WHERE t.reference = line.end_to_end AND 'statement:' || t.from_bank = line.gateway AND t.amount = abs(line.amount)
    FOR UPDATE;
    IF line.amount < 0 AND moved.line_id IS NULL AND moved.status IN ('sent', 'accepted', 'returned') THEN
        UPDATE payments_transfer t SET line_id = of_line, answered_at = coalesce(t.answered_at, at),
            status = CASE t.status WHEN 'returned' THEN t.status ELSE 'booked' END WHERE t.id = moved.id
        RETURNING * INTO moved;
        IF moved.status = 'booked' THEN
            PERFORM payments_tell_of_transfer(moved, 'payments.transfer_booked.v1');
        END IF;
        RETURN 'transferred';
    ELSIF line.amount > 0 AND moved.status IN ('sent', 'accepted', 'booked') THEN
        UPDATE payments_transfer t SET return_line_id = of_line, status = 'returned', answered_at = coalesce(t.answered_at, at)
        WHERE t.id = moved.id RETURNING * INTO moved;
        PERFORM payments_post_transfer(moved, 'transfer_undone', -1, at);
        PERFORM payments_tell_of_transfer(moved, 'payments.transfer_returned.v1');
        RETURN 'returned';
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION payments_file_transfers(bigint[], text, text, date, bytea, timestamptz),
    payments_send_batch(bigint, text), payments_batch_dropped(bigint, timestamptz, timestamptz),
    payments_answer_transfers(text, text, text, text, text, timestamptz),
    payments_line_of_transfer(bigint, timestamptz) TO etax_worker;
