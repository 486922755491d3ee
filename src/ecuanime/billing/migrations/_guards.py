"""What the database itself keeps in the room `billing`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# The database keeps issued documents as they were: neither their figures nor their frozen texts ever change.
ISSUED_IS_FINAL = """
CREATE FUNCTION billing_issued_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'issued' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an issued invoice is never deleted';
    END IF;
    IF (NEW.state, NEW.number, NEW.series_id, NEW.sequence, NEW.kind, NEW.client_id, NEW.issued_on, NEW.due_on,
        NEW.currency, NEW.net, NEW.tax, NEW.total, NEW.issuer, CASE WHEN OLD.is_held THEN NULL ELSE NEW.customer END, NEW.texts, NEW.corrects_id)
       IS DISTINCT FROM
       (OLD.state, OLD.number, OLD.series_id, OLD.sequence, OLD.kind, OLD.client_id, OLD.issued_on, OLD.due_on,
        OLD.currency, OLD.net, OLD.tax, OLD.total, OLD.issuer, CASE WHEN OLD.is_held THEN NULL ELSE OLD.customer END, OLD.texts, OLD.corrects_id) THEN
        RAISE EXCEPTION 'an issued invoice never changes: correct it with a credit note';
    END IF;
    IF OLD.pdf_id IS NOT NULL AND NEW.pdf_id IS DISTINCT FROM OLD.pdf_id THEN
        RAISE EXCEPTION 'the PDF of an issued invoice never changes';
    END IF;
    IF NEW.is_held AND NOT OLD.is_held AND OLD.pdf_id IS NOT NULL THEN
        RAISE EXCEPTION 'what the client may have seen is never held back';
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

# The database keeps the annex of issued documents, payments as they were noted, and billed time where it is.
#
# Of an issued line's segments only `is_live` may change, once, from true to false: a credit note has freed them. A
# rating that stands on a live line is not set aside, whoever asks: the minutes on the bill stay what was approved.
MINUTES_BILLED_ONCE = """
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
    IF TG_OP = 'UPDATE' AND NEW.reference_key IS NULL
        AND to_jsonb(NEW) - 'reference_key' = to_jsonb(OLD) - 'reference_key' THEN
        RETURN NEW;
    END IF;
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

# Lines say what they charge and in which unit, and what was taken off them; a document may have a discount.
#
# The lines that stand are given their kind; their figures stay as they are. What a document's discount was is frozen
# with it.
GOODS_AND_DISCOUNTS = """
CREATE FUNCTION billing_issued_discount_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the discount of an issued invoice never changes';
END $$;

CREATE TRIGGER issued_discount_is_final BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.state = 'issued' AND
        (NEW.discount_percent, NEW.discount_amount, NEW.discount_reason)
        IS DISTINCT FROM (OLD.discount_percent, OLD.discount_amount, OLD.discount_reason))
    EXECUTE FUNCTION billing_issued_discount_is_final();
"""

# Spain's invoice records: their chains, which the database lets only grow, and what the firm declares.
FISCAL_RECORDS = """
CREATE FUNCTION billing_records_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fiscal record never changes: amend or cancel it with another';
END $$;

CREATE TRIGGER records_are_final BEFORE UPDATE OR DELETE ON billing_fiscalrecord
    FOR EACH ROW EXECUTE FUNCTION billing_records_are_final();

CREATE FUNCTION billing_records_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.previous_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing_fiscalrecord
        WHERE id = NEW.previous_id AND chain_id = NEW.chain_id AND position = NEW.position - 1
    ) THEN
        RAISE EXCEPTION 'a fiscal record follows the one before it in its chain';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER records_follow BEFORE INSERT ON billing_fiscalrecord
    FOR EACH ROW EXECUTE FUNCTION billing_records_follow();

CREATE FUNCTION billing_chain_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a fiscal chain is never deleted';
    END IF;
    IF (NEW.nif, NEW.system_code, NEW.installation, NEW.is_demo)
       IS DISTINCT FROM (OLD.nif, OLD.system_code, OLD.installation, OLD.is_demo)
       OR NEW.next_position NOT IN (OLD.next_position, OLD.next_position + 1) THEN
        RAISE EXCEPTION 'a fiscal chain only grows, one record at a time';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER chain_only_grows BEFORE UPDATE OR DELETE ON billing_fiscalchain
    FOR EACH ROW EXECUTE FUNCTION billing_chain_only_grows();
"""

# Sending invoice records to Spain's tax agency. The database lets a queue only go forward, and keeps what was answered.
AGENCY = """
CREATE FUNCTION billing_agency_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sent_through < OLD.sent_through THEN
        RAISE EXCEPTION 'what was answered stays answered';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER agency_goes_forward BEFORE UPDATE ON billing_agencyqueue
    FOR EACH ROW EXECUTE FUNCTION billing_agency_goes_forward();

CREATE FUNCTION billing_agency_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was sent to the agency, and answered by it, is kept';
END $$;

CREATE TRIGGER agency_is_kept BEFORE DELETE ON billing_submission
    FOR EACH ROW EXECUTE FUNCTION billing_agency_is_kept();
CREATE TRIGGER agency_is_kept BEFORE DELETE ON billing_verdict
    FOR EACH ROW EXECUTE FUNCTION billing_agency_is_kept();
"""

# A tax says how a fiscal record classes it, its surcharge and why a line bears it; a document what is withheld of it.
TAXES_AND_WITHHOLDING = """
CREATE FUNCTION billing_withheld_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is withheld of an issued invoice never changes';
END $$;

CREATE TRIGGER withheld_is_final BEFORE UPDATE ON billing_invoice
    FOR EACH ROW WHEN (
        OLD.state = 'issued'
        AND (NEW.withheld, NEW.withheld_percent, NEW.withheld_base, NEW.withheld_name)
            IS DISTINCT FROM (OLD.withheld, OLD.withheld_percent, OLD.withheld_base, OLD.withheld_name)
    ) EXECUTE FUNCTION billing_withheld_is_final();
"""

# Mexico's invoices: the set-up, and each CFDI, which the database never lets change once sealed or stamped.
#
# An issued document that still waits for its stamp is no invoice yet: its customer may be put right until then.
MEXICO = """
CREATE FUNCTION billing_cfdis_are_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a CFDI is never deleted';
    END IF;
    IF (NEW.invoice_id, NEW.payment_id, NEW.method, NEW.period_from, NEW.period_until, NEW.attempt, NEW.kind, NEW.environment, NEW.seal_id, NEW.sealed,
        NEW.sealed_at)
       IS DISTINCT FROM
       (OLD.invoice_id, OLD.payment_id, OLD.method, OLD.period_from, OLD.period_until, OLD.attempt, OLD.kind, OLD.environment, OLD.seal_id, OLD.sealed,
        OLD.sealed_at) THEN
        RAISE EXCEPTION 'what was sealed never changes: seal it anew';
    END IF;
    IF OLD.state <> 'to_stamp'
       AND (NEW.state, NEW.uuid, NEW.stamped) IS DISTINCT FROM (OLD.state, OLD.uuid, OLD.stamped) THEN
        RAISE EXCEPTION 'what was stamped or rejected never changes';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER cfdis_are_final BEFORE UPDATE OR DELETE ON billing_cfdi
    FOR EACH ROW EXECUTE FUNCTION billing_cfdis_are_final();
"""

GUARDS = (
    ISSUED_IS_FINAL,
    MINUTES_BILLED_ONCE,
    GOODS_AND_DISCOUNTS,
    FISCAL_RECORDS,
    AGENCY,
    TAXES_AND_WITHHOLDING,
    MEXICO,
)
