"""The technical report of a case in versions, which the database keeps as they were."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
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

UNGUARD = """
DROP TRIGGER report_is_kept ON emergencies_report;
DROP FUNCTION emergencies_report_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("emergencies", "0003_the_room"),
        ("foundation", "0002_audit_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=10)),
                ("texts", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="emergencies.emergency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foundation.storedfile",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["emergency", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("emergency", "number"), name="report_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pdf__isnull", True), ("sent_at__isnull", True)),
                            models.Q(("pdf__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="sent_report_has_its_pdf",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
