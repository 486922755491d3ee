"""The database keeps the ledger append-only and balanced: a movement that does not sum to zero cannot commit."""

from django.db import migrations

GUARD = """
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

CREATE FUNCTION entitlements_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: a correction is a new movement';
END $$;

CREATE TRIGGER keep_movement BEFORE UPDATE OR DELETE ON entitlements_movement
    FOR EACH ROW EXECUTE FUNCTION entitlements_append_only();
CREATE TRIGGER keep_posting BEFORE UPDATE OR DELETE ON entitlements_posting
    FOR EACH ROW EXECUTE FUNCTION entitlements_append_only();
"""

UNGUARD = """
DROP TRIGGER keep_posting ON entitlements_posting;
DROP TRIGGER keep_movement ON entitlements_movement;
DROP FUNCTION entitlements_append_only();
DROP TRIGGER movement_balances ON entitlements_posting;
DROP FUNCTION entitlements_movement_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("entitlements", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
