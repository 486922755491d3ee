"""A published plan version says the same for ever: the database refuses to change it, its rows or its calendar."""

from django.db import migrations

ROWS = ("grant", "pricetier", "rate", "weight", "surcharge")

GUARD = """
CREATE FUNCTION contracts_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'plan version % is published and does not change: open the next one', OLD.id;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON contracts_planversion
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_version();

CREATE FUNCTION contracts_refuse_if_published(version bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contracts_planversion WHERE id = version AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'plan version % is published and its rows do not change', version;
    END IF;
END $$;

CREATE FUNCTION contracts_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM contracts_refuse_if_published(OLD.version_id); END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM contracts_refuse_if_published(NEW.version_id);
    RETURN NEW;
END $$;

CREATE FUNCTION contracts_keep_grant_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM contracts_refuse_if_published((SELECT version_id FROM contracts_grant WHERE id = OLD.grant_id));
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM contracts_refuse_if_published((SELECT version_id FROM contracts_grant WHERE id = NEW.grant_id));
    RETURN NEW;
END $$;

CREATE TRIGGER keep_grant_area BEFORE INSERT OR UPDATE OR DELETE ON contracts_grant_areas
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_grant_area();

CREATE FUNCTION contracts_refuse_if_calendar_used(used bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contracts_planversion WHERE calendar_id = used AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'calendar % belongs to a published plan version: make another one', used;
    END IF;
END $$;

CREATE FUNCTION contracts_keep_band() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM contracts_refuse_if_calendar_used(OLD.calendar_id); END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM contracts_refuse_if_calendar_used(NEW.calendar_id);
    RETURN NEW;
END $$;

CREATE TRIGGER keep_band BEFORE INSERT OR UPDATE OR DELETE ON contracts_coverageband
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_band();

CREATE FUNCTION contracts_keep_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.observes_holidays <> OLD.observes_holidays THEN
        PERFORM contracts_refuse_if_calendar_used(OLD.id);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_calendar BEFORE UPDATE ON contracts_coveragecalendar
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_calendar();
"""

KEEP_ROW = """
CREATE TRIGGER keep_{row} BEFORE INSERT OR UPDATE OR DELETE ON contracts_{row}
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
"""

UNGUARD = """
DROP TRIGGER keep_calendar ON contracts_coveragecalendar;
DROP FUNCTION contracts_keep_calendar();
DROP TRIGGER keep_band ON contracts_coverageband;
DROP FUNCTION contracts_keep_band();
DROP FUNCTION contracts_refuse_if_calendar_used(bigint);
DROP TRIGGER keep_grant_area ON contracts_grant_areas;
DROP FUNCTION contracts_keep_grant_area();
DROP FUNCTION contracts_keep_row();
DROP FUNCTION contracts_refuse_if_published(bigint);
DROP TRIGGER keep_version ON contracts_planversion;
DROP FUNCTION contracts_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        *(
            migrations.RunSQL(KEEP_ROW.format(row=row), f"DROP TRIGGER keep_{row} ON contracts_{row}")
            for row in ROWS
        ),
    ]
