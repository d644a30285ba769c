-- Many events, audit records or leaves by one statement; each function is the plural of the one in foundation.sql. The
-- events are those of a bulk: they wait until nothing else does.
CREATE OR REPLACE FUNCTION core_publish_many(topic text, payloads jsonb[]) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_event (topic, payload, bulk) SELECT topic, p.payload, true FROM unnest(payloads) AS p(payload);
$$;

CREATE OR REPLACE FUNCTION core_audit_many(action text, subjects text[], taxpayer_ids bigint[], details jsonb[])
RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_auditrecord (login, action, subject, actor_id, taxpayer_id, reason, details, address, session_mark)
    SELECT session_user, action, r.subject, NULL, r.taxpayer_id, '', r.detail, '', ''
    FROM unnest(subjects, taxpayer_ids, details) AS r(subject, taxpayer_id, detail);
$$;

CREATE OR REPLACE FUNCTION core_append_leaves(kind text, leaf_references text[], contents jsonb[]) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO core_logleaf (kind, reference, content, salt)
    SELECT kind, l.reference, l.content, uuid_send(gen_random_uuid())
    FROM unnest(leaf_references, contents) AS l(reference, content);
$$;
GRANT EXECUTE ON FUNCTION core_publish_many(text, jsonb[]), core_audit_many(text, text[], bigint[], jsonb[]),
    core_append_leaves(text, text[], jsonb[]) TO etax_worker;
