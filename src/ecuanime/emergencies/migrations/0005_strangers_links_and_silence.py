"""Firms that are no clients declare emergencies and follow them by links; clients bring agreements; silence confirms."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0025_card_payments"),
        ("clients", "0007_offices"),
        ("contracts", "0013_shares_of_allowances"),
        ("emergencies", "0004_technical_reports"),
        ("foundation", "0002_audit_chain"),
        ("staff", "0006_tax_facts"),
        ("tickets", "0016_what_lists_stand_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OwnAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=40)),
                ("given_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PublicDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("firm", models.CharField(max_length=160)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(max_length=30)),
                ("facts", models.TextField(max_length=5000)),
                ("since", models.CharField(blank=True, max_length=200)),
                ("critical", models.TextField(blank=True, max_length=2000)),
                ("desired", models.TextField(max_length=2000)),
                ("available", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(max_length=5)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="acceptance",
            name="silence_hours",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="after which silence confirms that service is normal; 0: it never does"
            ),
        ),
        migrations.AddField(
            model_name="emergency",
            name="silence_at",
            field=models.DateTimeField(
                blank=True, help_text="when silence confirms that service is normal, as was agreed", null=True
            ),
        ),
        migrations.AddField(
            model_name="expressservice",
            name="silence_hours",
            field=models.PositiveSmallIntegerField(
                default=24,
                help_text="0: it never does",
                validators=[django.core.validators.MaxValueValidator(720)],
                verbose_name="hours after which silence confirms that service is normal",
            ),
        ),
        migrations.AddField(
            model_name="expressservice",
            name="takes_strangers",
            field=models.BooleanField(
                default=False, verbose_name="firms that are no clients can declare them too"
            ),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(
                condition=models.Q(("silence_at__isnull", False)),
                fields=["silence_at"],
                name="emergency_silence",
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.contact"
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="emergency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="emergencies.emergency"
            ),
        ),
        migrations.AddField(
            model_name="caselink",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ownagreement",
            name="emergency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="emergencies.emergency",
            ),
        ),
        migrations.AddField(
            model_name="ownagreement",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="ownagreement",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.contact"
            ),
        ),
        migrations.AddField(
            model_name="publicdeclaration",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.productarea"
            ),
        ),
        migrations.AddField(
            model_name="publicdeclaration",
            name="emergency",
            field=models.ForeignKey(
                blank=True,
                help_text="that it became, or was added to",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="emergencies.emergency",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("emergency", "contact"),
                name="case_link_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownagreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("emergency",),
                name="own_agreement_once",
            ),
        ),
    ]
