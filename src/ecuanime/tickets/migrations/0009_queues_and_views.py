"""Tickets wait in queues, lists are kept as views, and every order of a list has its index."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import Func, TextField, Value
from django.db.models.functions import Lower

import ecuanime.tickets.models.views

# As `foundation.words.folded` was then: what an index was made of does not change with the code.
FOLDED_SUBJECT = Func(
    Lower("subject"),
    Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
    Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
    function="translate",
    output_field=TextField(),
)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        ("contracts", "0006_pack_renewal"),
        ("delivery", "0001_initial"),
        ("staff", "0002_teams_hours_and_leave"),
        ("tickets", "0008_what_is_done_with_tickets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=500, verbose_name="which tickets")),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("waiting", "who has waited longest"),
                            ("updated", "latest message first"),
                            ("stalest", "longest without a message"),
                            ("newest", "newest first"),
                            ("oldest", "oldest first"),
                            ("priority", "most urgent first"),
                            ("due", "promised first; only what is promised"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="order",
                    ),
                ),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("excerpt", "beginning of the last message"),
                                ("contract", "contract and hours left"),
                                ("assignee", "who has it"),
                                ("state", "state"),
                                ("priority", "priority"),
                                ("queue", "queue"),
                                ("area", "product area"),
                                ("tags", "tags"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=ecuanime.tickets.models.views.usual_columns,
                        size=None,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("owner", "only me"), ("team", "one team"), ("everybody", "everybody")],
                        default="owner",
                        max_length=10,
                        verbose_name="who sees it",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="place in the side bar"),
                ),
            ],
            options={
                "ordering": ["position", "name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "default_priority",
                    models.PositiveSmallIntegerField(default=3, verbose_name="priority of what lands here"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "mailbox",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queue",
                        to="delivery.mailbox",
                        verbose_name="mailbox",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queues",
                        to="staff.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name", "id"],
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="tickets.queue",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state__in", ["new", "open", "waiting_client", "waiting_third"])),
                fields=["queue", "inbox_group", "inbox_at", "id"],
                name="ticket_in_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["inbox_group", "inbox_at", "id"], name="ticket_by_waiting"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["priority", "inbox_at", "id"], name="ticket_by_priority"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["-created_at", "-id"], name="ticket_by_age"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["state", "-last_message_at", "-id"], name="ticket_by_state"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="staff.team",
                verbose_name="team",
            ),
        ),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="queue_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("team__isnull", False), models.Q(("audience", "team"), _negated=True), _connector="OR"
                ),
                name="view_of_a_team_names_it",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=GinIndex(
                SearchVector(FOLDED_SUBJECT, config="simple"),
                name="ticket_words_of_subject",
            ),
        ),
    ]
