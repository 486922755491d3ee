"""The database keeps the annex of issued documents, payments as they were noted, and billed time where it is.

Of an issued line's segments only `is_live` may change, once, from true to false: a credit note has freed them. A
rating that stands on a live line is not set aside, whoever asks: the minutes on the bill stay what was approved.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION billing_annex_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    row_now jsonb := coalesce(new_row, old_row);
    is_issued boolean;
BEGIN
    IF TG_TABLE_NAME = 'billing_linesegment' THEN
        SELECT state = 'issued' INTO is_issued FROM billing_invoice JOIN billing_invoiceline line
            ON line.invoice_id = billing_invoice.id WHERE line.id = (row_now ->> 'line_id')::bigint;
    ELSE
        SELECT state = 'issued' INTO is_issued FROM billing_invoice
            WHERE id = (row_now ->> 'invoice_id')::bigint;
    END IF;
    IF is_issued THEN
        IF TG_OP <> 'UPDATE' OR new_row - 'is_live' <> old_row - 'is_live' OR NEW.is_live THEN
            RAISE EXCEPTION 'the annex of an issued invoice never changes';
        END IF;
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER issued_annex_is_final BEFORE INSERT OR UPDATE OR DELETE ON billing_linesegment
    FOR EACH ROW EXECUTE FUNCTION billing_annex_is_final();
CREATE TRIGGER issued_cover_is_final BEFORE INSERT OR UPDATE OR DELETE ON billing_coveredwork
    FOR EACH ROW EXECUTE FUNCTION billing_annex_is_final();

CREATE FUNCTION billing_payments_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a payment never changes: correct it with its negative';
END $$;

CREATE TRIGGER payments_are_final BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION billing_payments_are_final();

CREATE FUNCTION billing_billed_time_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM billing_linesegment billed JOIN worklog_ratedsegment segment ON segment.id = billed.segment_id
        WHERE billed.is_live AND segment.rating_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'this time stands on an invoice: credit it, or discard the draft, first';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billed_time_stays BEFORE UPDATE OF superseded_at ON worklog_ratedentry
    FOR EACH ROW WHEN (OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL)
    EXECUTE FUNCTION billing_billed_time_stays();
"""

UNGUARD = """
DROP TRIGGER billed_time_stays ON worklog_ratedentry;
DROP FUNCTION billing_billed_time_stays();
DROP TRIGGER payments_are_final ON billing_payment;
DROP FUNCTION billing_payments_are_final();
DROP TRIGGER issued_cover_is_final ON billing_coveredwork;
DROP TRIGGER issued_annex_is_final ON billing_linesegment;
DROP FUNCTION billing_annex_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_issued_is_final"), ("worklog", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
