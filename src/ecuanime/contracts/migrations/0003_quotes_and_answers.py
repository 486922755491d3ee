"""A contract begins as a quote; what the client answers is kept for good: the database refuses to change it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION contracts_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'answer % was given and does not change', OLD.id;
END $$;

CREATE TRIGGER keep_answer BEFORE UPDATE OR DELETE ON contracts_answer
    FOR EACH ROW EXECUTE FUNCTION contracts_keep_answer();
"""

UNGUARD = """
DROP TRIGGER keep_answer ON contracts_answer;
DROP FUNCTION contracts_keep_answer();
"""

NOTE_LAST_DAYS = """
UPDATE contracts_contract SET next_due_at = (ends_on + 1)::timestamp AT TIME ZONE time_zone
    WHERE state = 'active' AND ends_on IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
        ("contracts", "0002_published_versions_stay"),
        ("foundation", "0002_audit_chain"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("accepted", "accepted"), ("declined", "declined")], max_length=10
                    ),
                ),
                ("at", models.DateTimeField()),
                ("given_on", models.DateField(help_text="the day of the answer, in the contract's zone")),
                ("name", models.CharField(max_length=120)),
                ("address", models.GenericIPAddressField(blank=True, null=True)),
                ("language", models.CharField(max_length=5)),
                ("text", models.TextField()),
                ("text_sha256", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, help_text="why it was declined", max_length=600)),
                ("note", models.CharField(blank=True, max_length=600)),
                ("file_name", models.CharField(blank=True, max_length=150)),
            ],
        ),
        migrations.AddField(
            model_name="contract",
            name="end_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="contract",
            name="is_final",
            field=models.BooleanField(default=False, help_text="somebody decided its end: it is not renewed"),
        ),
        migrations.AddField(
            model_name="contract",
            name="next_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="note",
            field=models.TextField(
                blank=True, help_text="part of what is accepted", max_length=2000, verbose_name="note"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="sent_at",
            field=models.DateTimeField(blank=True, help_text="when the quote went to the client", null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="supersedes",
            field=models.ForeignKey(
                blank=True,
                help_text="the quote that this one, once sent, is instead of",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="valid_until",
            field=models.DateField(
                blank=True, help_text="the last day on which the quote can be answered", null=True
            ),
        ),
        migrations.AlterField(
            model_name="contract",
            name="accepted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="contract",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="who drafted the quote, or noted an acceptance given without one",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="contract",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("quoted", "waiting for an answer"),
                    ("accepted", "accepted, not begun"),
                    ("active", "active"),
                    ("ended", "ended"),
                    ("declined", "declined"),
                    ("withdrawn", "withdrawn"),
                    ("lapsed", "not answered in time"),
                ],
                default="active",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["state", "-id"], name="contracts_c_state_6395cf_idx"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(("next_due_at__isnull", False)),
                fields=["next_due_at"],
                name="contract_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("accepted", "active", "ended"))),
                fields=("replaces",),
                name="one_successor",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", False),
                    models.Q(("state__in", ("accepted", "active", "ended")), _negated=True),
                    _connector="OR",
                ),
                name="accepted_is_dated",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="contact",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="clients.contact"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="contract",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="contracts.contract"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="file",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="foundation.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(NOTE_LAST_DAYS, migrations.RunSQL.noop),
    ]
