"""What the database itself keeps in the room `emergencies`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# The technical report of a case in versions, which the database keeps as they were.
TECHNICAL_REPORTS = """
CREATE FUNCTION emergencies_report_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a version of a report is never deleted';
    END IF;
    IF (NEW.emergency_id, NEW.number, NEW.language, NEW.texts, NEW.made_at, NEW.made_by_id)
       IS DISTINCT FROM
       (OLD.emergency_id, OLD.number, OLD.language, OLD.texts, OLD.made_at, OLD.made_by_id) THEN
        RAISE EXCEPTION 'a version of a report never changes: keep a new one';
    END IF;
    IF OLD.sent_at IS NOT NULL
       AND (NEW.sent_at, NEW.sent_by_id, NEW.pdf_id) IS DISTINCT FROM (OLD.sent_at, OLD.sent_by_id, OLD.pdf_id) THEN
        RAISE EXCEPTION 'a report that was sent stays as it was sent';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER report_is_kept BEFORE UPDATE OR DELETE ON emergencies_report
    FOR EACH ROW EXECUTE FUNCTION emergencies_report_is_kept();
"""

GUARDS = (TECHNICAL_REPORTS,)
