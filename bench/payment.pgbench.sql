-- The statements of one payment, sent one by one: what payments_receive, payments_order and payments_settle (with
-- billing_apply_payment, ledger_post_entry and receipts_request_document) do in their calls.
\set i :i + 1
\set n :i * :clients + :client_id + :base
INSERT INTO payments_inboxmessage AS m (gateway, digest, body, headers, reference, verdict, problem, times, asks, ask_at) VALUES ('sandbox_acquirer', encode(sha256(convert_to(:n::text, 'UTF8')), 'hex'), convert_to(repeat('x', 620), 'UTF8'), '{"host": "127.0.0.1", "webhook-id": "msg", "content-type": "application/json", "webhook-signature": "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}', '', 'received', '', 1, 0, now() + interval '1 minute') ON CONFLICT (gateway, digest) DO UPDATE SET times = m.times + 1 RETURNING m.id AS message \gset
SELECT (o.found ->> 'attempt_id')::bigint AS attempt, (o.found -> 'items' -> 0 ->> 'bill_id')::bigint AS bill, (o.found ->> 'amount')::bigint AS money FROM payments_order('sandbox_acquirer', 'BENCH-' || :n::text, 'txn_bench_' || :n::text) AS o (found) \gset
BEGIN;
SELECT a.amount AS asked FROM payments_attempt a WHERE a.id = :attempt FOR NO KEY UPDATE \gset
SELECT count(p.id) AS known FROM payments_payment p WHERE p.gateway = 'sandbox_acquirer' AND p.movement_id = 'txn_bench_' || :n::text \gset
SELECT coalesce(sum(p.amount), 0) AS received FROM payments_payment p WHERE p.attempt_id = :attempt \gset
SELECT b.taxpayer_id AS taxpayer, b.body_id AS body, b.tax_id AS tax FROM billing_bill b WHERE b.id = :bill FOR UPDATE \gset
SELECT count(p.id) AS repeated FROM billing_billpayment p WHERE p.bill_id = :bill AND p.reference = 'sandbox_acquirer/txn_bench_' || :n::text \gset
SELECT billing_local_date(now()) AS day \gset
SELECT coalesce(sum(greatest(o.amount - o.tax_paid, 0) + greatest(o.surcharge - o.surcharge_paid, 0)), 0) AS owed FROM billing_owed(ARRAY[:bill::bigint], :day::date) o \gset
INSERT INTO billing_billpayment (bill_id, reference, paid_at, paid_on, applied, excess, remaining) VALUES (:bill, 'sandbox_acquirer/txn_bench_' || :n::text, now(), :day::date, :owed::bigint, :money::bigint - :owed::bigint, 0) RETURNING id AS bill_payment \gset
INSERT INTO billing_billpaymentpart (payment_id, line_id, paid_on, tax_part, surcharge_part) SELECT :bill_payment::bigint, taken.line_id, :day::date, coalesce(sum(taken.part) FILTER (WHERE taken.stage = 1), 0), coalesce(sum(taken.part) FILTER (WHERE taken.stage = 2), 0) FROM (SELECT d.line_id, d.stage, least(d.demand, greatest(:owed::bigint - (sum(d.demand) OVER (ORDER BY d.stage, d.place) - d.demand), 0)) AS part FROM billing_owed(ARRAY[:bill::bigint], :day::date) o CROSS JOIN LATERAL (VALUES (o.line_id, o.place, 1, greatest(o.amount - o.tax_paid, 0)), (o.line_id, o.place, 2, greatest(o.surcharge - o.surcharge_paid, 0))) AS d (line_id, place, stage, demand)) AS taken WHERE taken.part > 0 GROUP BY taken.line_id;
SELECT billing_payment_answer(b, p) AS answer FROM billing_bill b, billing_billpayment p WHERE b.id = :bill AND p.id = :bill_payment \gset
INSERT INTO payments_payment (gateway, movement_id, reference, attempt_id, message_id, kind, amount, applied, excess, suspense, approved_at) VALUES ('sandbox_acquirer', 'txn_bench_' || :n::text, 'BENCH-' || :n::text, :attempt, :message, 'approval', :money::bigint, :owed::bigint, :money::bigint - :owed::bigint, 0, now()) RETURNING id AS payment \gset
INSERT INTO ledger_journalentry (kind, reference, business_date, occurred_at) VALUES ('payment', 'sandbox_acquirer/txn_bench_' || :n::text, :day::date, now()) RETURNING id AS entry \gset
INSERT INTO ledger_posting (entry_id, account_id, amount) SELECT :entry::bigint, ledger_account(p.body, p.tax, p.purpose), p.amount FROM jsonb_to_recordset((:answer::jsonb -> 'postings') || jsonb_build_array(jsonb_build_object('body', :body::text, 'tax', :tax::text, 'purpose', 'clearing', 'amount', :money::bigint))) AS p(body text, tax text, purpose text, amount bigint);
SELECT payments_receipt_facts(:answer::jsonb, 'card', now(), jsonb_build_object('id', 'txn_bench_' || :n::text, 'currency', 'KRW')) AS facts \gset
INSERT INTO receipts_document (kind, number, taxpayer_id, reference, facts, status, requested_at, withdrawn_because) VALUES ('payment', receipts_new_number(now()), :taxpayer, 'sandbox_acquirer/txn_bench_' || :n::text, :facts::jsonb, 'requested', now(), '') ON CONFLICT (kind, reference) DO NOTHING RETURNING id AS document \gset
INSERT INTO receipts_documenttoken (sha256, document_id, expires_at) VALUES (sha256(convert_to('BENCH-' || :n::text, 'UTF8')), :document, now() + interval '30 days');
INSERT INTO core_event (topic, payload) VALUES ('receipts.document_requested.v1', jsonb_build_object('document_id', :document::bigint));
INSERT INTO core_event (topic, payload) VALUES ('payments.settled.v1', jsonb_build_object('payment_id', :payment::bigint, 'attempt_id', :attempt::bigint, 'reference', 'BENCH-' || :n::text, 'amount', :money::bigint, 'bill_ids', jsonb_build_array(:bill::bigint)));
INSERT INTO core_auditrecord (login, action, subject, actor_id, taxpayer_id, reason, details, address, session_mark) VALUES (session_user, 'payment.settled', 'payment:' || :payment::text, NULL, :taxpayer, '', jsonb_build_object('attempt', 'BENCH-' || :n::text, 'applied', :owed::bigint, 'excess', 0), '', '');
INSERT INTO core_logleaf (kind, reference, content, salt) VALUES ('payment', 'sandbox_acquirer/txn_bench_' || :n::text, jsonb_build_object('payment', :payment::bigint, 'attempt', 'BENCH-' || :n::text, 'amount', :money::bigint, 'paid_at', now(), 'applied', :owed::bigint, 'excess', 0), uuid_send(gen_random_uuid()));
UPDATE payments_attempt SET status = 'paid', paid_at = now(), ask_at = NULL WHERE id = :attempt;
UPDATE payments_inboxmessage SET verdict = 'processed', problem = '', reference = 'BENCH-' || :n::text, ask_at = NULL, processed_at = now() WHERE id = :message AND verdict <> 'processed';
COMMIT;
