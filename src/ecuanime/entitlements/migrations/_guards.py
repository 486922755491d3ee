"""What the database itself keeps in the room `entitlements`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# The database keeps the ledger append-only and balanced: a movement that does not sum to zero cannot commit.
#
# A lot's granted quantity, price and owner are facts of its purchase: they never change, and a lot is never deleted.
LEDGER_GUARDS = """
CREATE FUNCTION entitlements_movement_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(quantity), 0) FROM entitlements_posting WHERE movement_id = NEW.movement_id) <> 0 THEN
        RAISE EXCEPTION 'ledger movement % does not sum to zero', NEW.movement_id;
    END IF;
    IF (SELECT coalesce(sum(quantity), 0) FROM entitlements_posting WHERE lot_id = NEW.lot_id AND account = 'lot')
        <> (SELECT "left" FROM entitlements_lot WHERE id = NEW.lot_id) THEN
        RAISE EXCEPTION 'lot % does not keep the sum of its postings', NEW.lot_id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER movement_balances AFTER INSERT ON entitlements_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entitlements_movement_balances();

CREATE FUNCTION entitlements_lot_keeps_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(quantity), 0) FROM entitlements_posting WHERE lot_id = NEW.id AND account = 'lot')
        <> (SELECT "left" FROM entitlements_lot WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'lot % does not keep the sum of its postings', NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER lot_keeps_sum AFTER UPDATE OF "left" ON entitlements_lot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entitlements_lot_keeps_sum();

CREATE FUNCTION entitlements_lot_keeps_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.contract_id, NEW.code, NEW.granted, NEW.unit_price_paid, NEW.currency, NEW.is_bonus,
        NEW.unit, NEW.source, NEW.is_allowance, NEW.period_id, NEW.grant_id)
        IS DISTINCT FROM
        (OLD.contract_id, OLD.code, OLD.granted, OLD.unit_price_paid, OLD.currency, OLD.is_bonus,
        OLD.unit, OLD.source, OLD.is_allowance, OLD.period_id, OLD.grant_id) THEN
        RAISE EXCEPTION 'lot % is a fact of its purchase and does not change', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_lot BEFORE UPDATE OR DELETE ON entitlements_lot
    FOR EACH ROW EXECUTE FUNCTION entitlements_lot_keeps_facts();

CREATE FUNCTION entitlements_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: a correction is a new movement';
END $$;

CREATE TRIGGER keep_movement BEFORE UPDATE OR DELETE ON entitlements_movement
    FOR EACH ROW EXECUTE FUNCTION entitlements_append_only();
CREATE TRIGGER keep_posting BEFORE UPDATE OR DELETE ON entitlements_posting
    FOR EACH ROW EXECUTE FUNCTION entitlements_append_only();
"""

GUARDS = (LEDGER_GUARDS,)
