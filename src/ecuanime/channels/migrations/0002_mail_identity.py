"""A mailbox has rules of its own, and a mail is known again by what its author wrote."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("clients", "0002_substitutes"),
        ("delivery", "0002_mail_identity"),
        ("foundation", "0002_audit_chain"),
        ("staff", "0001_initial"),
        ("tickets", "0003_mail_identity"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("recipient", models.EmailField(blank=True, max_length=254)),
                ("senders", models.TextField(blank=True, help_text="addresses or @domains, one to a line")),
                (
                    "words",
                    models.CharField(blank=True, help_text="of the subject, in any order", max_length=200),
                ),
                (
                    "machines",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "people and machines"),
                            ("only", "only machines: lists, notices, no-reply addresses"),
                            ("never", "only people"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        blank=True, choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], null=True
                    ),
                ),
                (
                    "sets_aside",
                    models.BooleanField(
                        default=False, help_text="in quarantine, instead of opening a ticket"
                    ),
                ),
                (
                    "is_silent",
                    models.BooleanField(
                        default=False, help_text="the sender is not told the ticket's number"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="content_hash",
            field=models.CharField(
                blank=True, help_text="of what its author wrote, whatever way it came", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="incomingmail",
            name="passes_rules",
            field=models.BooleanField(default=False, help_text="a person let it out of quarantine"),
        ),
        migrations.AddIndex(
            model_name="incomingmail",
            index=models.Index(
                condition=models.Q(("content_hash", ""), _negated=True),
                fields=["content_hash"],
                name="incoming_content",
            ),
        ),
        migrations.AddField(
            model_name="mailrule",
            name="area",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to="staff.productarea"
            ),
        ),
        migrations.AddField(
            model_name="mailrule",
            name="client",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to="clients.client"
            ),
        ),
        migrations.AddField(
            model_name="mailrule",
            name="mailbox",
            field=models.ForeignKey(
                blank=True,
                help_text="none: every one",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rules",
                to="delivery.mailbox",
            ),
        ),
        migrations.AddField(
            model_name="mailrule",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="+", to="tickets.tag"),
        ),
    ]
