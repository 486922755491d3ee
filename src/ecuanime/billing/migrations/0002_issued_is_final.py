"""The database keeps issued documents as they were: neither their figures nor their frozen texts ever change."""

from django.db import migrations

GUARD = """
CREATE FUNCTION billing_issued_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'issued' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an issued invoice is never deleted';
    END IF;
    IF (NEW.state, NEW.number, NEW.series_id, NEW.sequence, NEW.kind, NEW.client_id, NEW.issued_on, NEW.due_on,
        NEW.currency, NEW.net, NEW.tax, NEW.total, NEW.issuer, NEW.customer, NEW.texts, NEW.corrects_id)
       IS DISTINCT FROM
       (OLD.state, OLD.number, OLD.series_id, OLD.sequence, OLD.kind, OLD.client_id, OLD.issued_on, OLD.due_on,
        OLD.currency, OLD.net, OLD.tax, OLD.total, OLD.issuer, OLD.customer, OLD.texts, OLD.corrects_id) THEN
        RAISE EXCEPTION 'an issued invoice never changes: correct it with a credit note';
    END IF;
    IF OLD.pdf_id IS NOT NULL AND NEW.pdf_id IS DISTINCT FROM OLD.pdf_id THEN
        RAISE EXCEPTION 'the PDF of an issued invoice never changes';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER issued_is_final BEFORE UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_issued_is_final();

CREATE FUNCTION billing_issued_lines_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := coalesce(NEW.invoice_id, OLD.invoice_id);
BEGIN
    IF (SELECT state FROM billing_invoice WHERE id = touched) = 'issued' THEN
        RAISE EXCEPTION 'the lines of an issued invoice never change';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER issued_lines_are_final BEFORE INSERT OR UPDATE OR DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_issued_lines_are_final();
CREATE TRIGGER issued_taxes_are_final BEFORE INSERT OR UPDATE OR DELETE ON billing_taxline
    FOR EACH ROW EXECUTE FUNCTION billing_issued_lines_are_final();
"""

UNGUARD = """
DROP TRIGGER issued_taxes_are_final ON billing_taxline;
DROP TRIGGER issued_lines_are_final ON billing_invoiceline;
DROP FUNCTION billing_issued_lines_are_final();
DROP TRIGGER issued_is_final ON billing_invoice;
DROP FUNCTION billing_issued_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
