"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import ecuanime.foundation.fields
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("clients", "0001_initial"),
        ("clients", "0002_substitutes"),
        ("clients", "0003_names_are_found"),
        ("clients", "0004_dossier_and_own_people"),
        ("clients", "0005_electronic_invoices"),
        ("clients", "0006_taxed_as"),
        ("clients", "0007_offices"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("legal_name", models.CharField(blank=True, max_length=200, verbose_name="legal name")),
                ("tax_id", models.CharField(blank=True, max_length=30, verbose_name="tax id")),
                (
                    "kind",
                    models.CharField(
                        choices=[("business", "business or entity"), ("consumer", "consumer")],
                        default="business",
                        max_length=8,
                        verbose_name="taxed as",
                    ),
                ),
                (
                    "in_retail_scheme",
                    models.BooleanField(
                        default=False,
                        help_text="Spain's recargo de equivalencia, charged on goods",
                        verbose_name="retailer who pays the equivalence surcharge",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("postcode", models.CharField(blank=True, max_length=12, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                ("region", models.CharField(blank=True, max_length=80, verbose_name="region")),
                ("country", models.CharField(default="ES", max_length=2, verbose_name="country")),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")],
                        default="es",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(default="Europe/Madrid", max_length=60, verbose_name="time zone"),
                ),
                (
                    "currency",
                    ecuanime.foundation.fields.CurrencyField(
                        default="EUR", max_length=3, verbose_name="currency"
                    ),
                ),
                ("uses_usted", models.BooleanField(default=False, verbose_name="address formally (usted)")),
                (
                    "invoice_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail for invoices"),
                ),
                (
                    "invoice_format",
                    models.CharField(
                        choices=[
                            ("none", "none: the PDF"),
                            ("factur-x", "Factur-X: the PDF with its data inside"),
                            ("ubl", "UBL: the PDF and an XML file"),
                            ("facturae", "Facturae: the PDF and a signed Facturae"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="electronic invoice",
                    ),
                ),
                (
                    "office_accounting",
                    models.CharField(blank=True, max_length=10, verbose_name="accounting office (DIR3)"),
                ),
                (
                    "office_managing",
                    models.CharField(blank=True, max_length=10, verbose_name="managing body (DIR3)"),
                ),
                (
                    "office_processing",
                    models.CharField(blank=True, max_length=10, verbose_name="processing unit (DIR3)"),
                ),
                ("notes", models.TextField(blank=True, verbose_name="notes for the team")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(fields=["is_active", "name", "id"], name="clients_cli_is_acti_980abf_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        help_text="lower case, IDNA", max_length=253, unique=True, verbose_name="domain"
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="domains",
                        to="clients.client",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="phone")),
                (
                    "job",
                    models.CharField(blank=True, max_length=80, verbose_name="role in their organisation"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("es", "Español"), ("en", "English")],
                        default="es",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "is_project_lead",
                    models.BooleanField(default=False, verbose_name="project lead: approves time"),
                ),
                ("sees_invoices", models.BooleanField(default=False, verbose_name="sees invoices")),
                ("sees_dossier", models.BooleanField(default=False, verbose_name="sees the service dossier")),
                (
                    "manages_people",
                    models.BooleanField(
                        default=False, verbose_name="manages the people of their organisation"
                    ),
                ),
                (
                    "approves_up_to_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="approves up to (minutes a day)"
                    ),
                ),
                (
                    "approves_up_to_amount",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="approves up to (amount a day)"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "mail_failed_at",
                    models.DateTimeField(blank=True, help_text="last permanent delivery failure", null=True),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="clients.client",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                django.db.models.functions.text.Lower("name"),
                                models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                                models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            models.Func(
                                django.db.models.functions.text.Lower("email"),
                                models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                                models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            config="simple",
                        ),
                        name="contact_words",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("is_active", True), models.Q(("email", ""), _negated=True)),
                        name="contact_email_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("is_shown", models.BooleanField(default=False, verbose_name="the client may read it")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="grows with each change: a stale save is refused"
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dossier",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["client", "id"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sites", to="clients.client"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="from")),
                ("last_day", models.DateField(help_text="inclusive", verbose_name="until")),
                ("created_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to="clients.contact",
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to="clients.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["substitute", "last_day"], name="clients_sub_substit_f8552b_idx"),
                    models.Index(fields=["lead", "last_day"], name="clients_sub_lead_id_0e6ef1_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")),
                            models.Q(("lead", models.F("substitute")), _negated=True),
                        ),
                        name="substitution_makes_sense",
                    )
                ],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
