"""A plan version can promise times; once it is published, the database keeps them and their calendar as they are."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
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

CREATE OR REPLACE FUNCTION contracts_refuse_if_calendar_used(used bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contracts_planversion WHERE calendar_id = used AND published_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM contracts_servicelevel AS level
            JOIN contracts_planversion AS version ON version.id = level.version_id
            WHERE level.calendar_id = used AND version.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'calendar % belongs to a published plan version: make another one', used;
    END IF;
END $$;
"""

UNGUARD = """
CREATE OR REPLACE FUNCTION contracts_refuse_if_calendar_used(used bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contracts_planversion WHERE calendar_id = used AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'calendar % belongs to a published plan version: make another one', used;
    END IF;
END $$;

DROP TRIGGER keep_target ON contracts_servicetarget;
DROP FUNCTION contracts_keep_target();
DROP TRIGGER keep_servicelevel ON contracts_servicelevel;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("contracts", "0011_sites"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="servicelevel",
            name="service_level_of_one",
        ),
        migrations.RemoveConstraint(
            model_name="servicelevel",
            name="one_default_service_level",
        ),
        migrations.AddField(
            model_name="servicelevel",
            name="version",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="service_level",
                to="contracts.planversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client__isnull", True), ("contract__isnull", True), ("version__isnull", True)),
                    models.Q(("client__isnull", True), ("is_of_queue", False), ("version__isnull", True)),
                    models.Q(("contract__isnull", True), ("is_of_queue", False), ("version__isnull", True)),
                    models.Q(("client__isnull", True), ("contract__isnull", True), ("is_of_queue", False)),
                    _connector="OR",
                ),
                name="service_level_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(
                    ("client__isnull", True),
                    ("contract__isnull", True),
                    ("is_of_queue", False),
                    ("version__isnull", True),
                ),
                name="one_default_service_level",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
