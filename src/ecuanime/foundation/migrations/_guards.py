"""What the database itself keeps in the room `foundation`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# The database chains the audit trail at commit, keeps it append-only, and holds the cache's table.
AUDIT_CHAIN = """
CREATE FUNCTION foundation_chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_sequence bigint;
    last_hash text;
BEGIN
    -- Taken while committing, after every row lock of the business: it cannot take part in a deadlock with them.
    PERFORM pg_advisory_xact_lock(7261834);
    SELECT sequence, hash INTO last_sequence, last_hash FROM foundation_auditentry
        WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    last_sequence := coalesce(last_sequence, 0) + 1;
    last_hash := coalesce(last_hash, '');
    UPDATE foundation_auditentry SET
        sequence = last_sequence,
        previous_hash = last_hash,
        hash = encode(sha256(convert_to(last_hash || '|' || last_sequence || '|' || body, 'UTF8')), 'hex')
        WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER chain_audit AFTER INSERT ON foundation_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION foundation_chain_audit();

CREATE FUNCTION foundation_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.body = OLD.body THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;

CREATE TRIGGER keep_audit BEFORE UPDATE OR DELETE ON foundation_auditentry
    FOR EACH ROW EXECUTE FUNCTION foundation_keep_audit();

CREATE TABLE foundation_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE INDEX foundation_cache_expires ON foundation_cache (expires);
"""

GUARDS = (AUDIT_CHAIN,)
