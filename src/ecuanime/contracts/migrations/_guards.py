"""What the database itself keeps in the room `contracts`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# A published plan version says the same for ever: the database refuses to change it, its rows or its calendar.
PUBLISHED_VERSIONS_STAY = """
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
    IF EXISTS (SELECT 1 FROM contracts_planversion WHERE calendar_id = used AND published_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM contracts_servicelevel AS level
            JOIN contracts_planversion AS version ON version.id = level.version_id
            WHERE level.calendar_id = used AND version.published_at IS NOT NULL) THEN
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
CREATE TRIGGER keep_grant BEFORE INSERT OR UPDATE OR DELETE ON contracts_grant
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_pricetier BEFORE INSERT OR UPDATE OR DELETE ON contracts_pricetier
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_rate BEFORE INSERT OR UPDATE OR DELETE ON contracts_rate
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_weight BEFORE INSERT OR UPDATE OR DELETE ON contracts_weight
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_surcharge BEFORE INSERT OR UPDATE OR DELETE ON contracts_surcharge
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
"""

# A contract begins as a quote; what the client answers is kept for good: the database refuses to change it.
QUOTES_AND_ANSWERS = """
CREATE FUNCTION contracts_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'answer % was given and does not change', OLD.id;
END $$;

CREATE TRIGGER keep_answer BEFORE UPDATE OR DELETE ON contracts_answer
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_answer();
"""

# All plan kinds: recurring fees, allowances and incidents, what a plan itself covers, and the periods of a contract.
#
# The new rows of a published version are kept as the others are, and an opened period never changes.
PLAN_KINDS = """
CREATE TRIGGER keep_grant_work_type BEFORE INSERT OR UPDATE OR DELETE ON contracts_grant_work_types
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_grant_area();

CREATE FUNCTION contracts_keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'period % of contract % was opened and does not change', OLD.number, OLD.contract_id;
END $$;

CREATE TRIGGER keep_period BEFORE UPDATE OR DELETE ON contracts_contractperiod
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_period();
CREATE TRIGGER keep_fee BEFORE INSERT OR UPDATE OR DELETE ON contracts_fee
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_cover BEFORE INSERT OR UPDATE OR DELETE ON contracts_cover
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
CREATE TRIGGER keep_levelweight BEFORE INSERT OR UPDATE OR DELETE ON contracts_levelweight
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();
"""

# A plan version can promise times; once it is published, the database keeps them and their calendar as they are.
PROMISED_BY_PLANS = """
CREATE TRIGGER keep_servicelevel BEFORE INSERT OR UPDATE OR DELETE ON contracts_servicelevel
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_row();

CREATE FUNCTION contracts_keep_target() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM contracts_refuse_if_published(
            (SELECT version_id FROM contracts_servicelevel WHERE id = OLD.level_id));
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM contracts_refuse_if_published((SELECT version_id FROM contracts_servicelevel WHERE id = NEW.level_id));
    RETURN NEW;
END $$;

CREATE TRIGGER keep_target BEFORE INSERT OR UPDATE OR DELETE ON contracts_servicetarget
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_target();
"""

GUARDS = (PUBLISHED_VERSIONS_STAY, QUOTES_AND_ANSWERS, PLAN_KINDS, PROMISED_BY_PLANS)
