"""All tables of this room as they were first given out, in place of the steps that led there."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import ecuanime.tickets.models.views
from ecuanime.foundation.new_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0001_initial"),
        ("tickets", "0002_people_around_tickets"),
        ("tickets", "0003_mail_identity"),
        ("tickets", "0004_joined_and_snoozed"),
        ("tickets", "0005_deadlines"),
        ("tickets", "0006_satisfaction"),
        ("tickets", "0007_search"),
        ("tickets", "0008_what_is_done_with_tickets"),
        ("tickets", "0009_queues_and_views"),
        ("tickets", "0010_macros_and_many"),
        ("tickets", "0011_version"),
        ("tickets", "0012_public_form"),
        ("tickets", "0013_queues_promise_and_give_out"),
        ("tickets", "0014_sites"),
        ("tickets", "0015_indexes_of_lists"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("clients", "0001_squashed_0007_offices"),
        ("contracts", "0001_squashed_0012_promised_by_plans"),
        ("delivery", "0001_squashed_0002_mail_identity"),
        ("foundation", "0001_initial"),
        ("procedures", "0001_initial"),
        ("staff", "0001_squashed_0006_tax_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="TicketCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_number", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TicketField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("number", "number"),
                            ("date", "date"),
                            ("choice", "one of a list"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("reply_es", models.TextField(blank=True, verbose_name="reply in Spanish")),
                ("reply_en", models.TextField(blank=True, verbose_name="reply in English")),
                ("note", models.TextField(blank=True, verbose_name="internal note")),
                (
                    "changes",
                    models.JSONField(blank=True, default=dict, help_text="see `actions.together.Changes`"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="macros",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name", "id"],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tickets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("changes", models.JSONField(default=dict)),
                ("done", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_runs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "macro",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="tickets.macro",
                    ),
                ),
            ],
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
                (
                    "giving_out",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "as the firm does"),
                            ("at_once", "given to somebody at once"),
                            ("by_hand", "each takes them"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="its tickets are",
                    ),
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
                    "service_level",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queue",
                        to="contracts.servicelevel",
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
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="queue_name_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(unique=True)),
                (
                    "token",
                    models.CharField(
                        help_text="unguessable; in reply addresses and Message-IDs",
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("requester_name", models.CharField(blank=True, max_length=120)),
                ("requester_email", models.EmailField(blank=True, max_length=254)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("portal", "Portal"),
                            ("staff", "Team"),
                            ("api", "API"),
                            ("web", "Web form"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("waiting_client", "Waiting for the client"),
                            ("waiting_third", "Waiting for a third party"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=16,
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")], default=3
                    ),
                ),
                (
                    "snoozed_until",
                    models.DateTimeField(
                        blank=True, help_text="out of sight until then, or until the client writes", null=True
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1, help_text="grows with each change: a stale save is refused"
                    ),
                ),
                (
                    "unread_count",
                    models.PositiveIntegerField(
                        default=0, help_text="client messages nobody has answered or opened"
                    ),
                ),
                ("last_message_at", models.DateTimeField()),
                ("last_snippet", models.CharField(blank=True, max_length=200)),
                (
                    "waits_since",
                    models.DateTimeField(
                        blank=True, help_text="since when the client waits for us", null=True
                    ),
                ),
                ("first_answered_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "next_due_at",
                    models.DateTimeField(
                        blank=True, help_text="when a solved ticket closes by itself", null=True
                    ),
                ),
                (
                    "normal_at",
                    models.DateTimeField(
                        blank=True, help_text="since when service is normal again", null=True
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when the next promise that its clocks count is due, or was",
                        null=True,
                    ),
                ),
                (
                    "due_metric",
                    models.CharField(blank=True, help_text="which promise that is", max_length=16),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "inbox_group",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(state__in=["solved", "closed"], then=models.Value(9)),
                            models.When(state="waiting_client", then=models.Value(4)),
                            models.When(state="waiting_third", then=models.Value(3)),
                            models.When(then=models.Value(2), waits_since__isnull=True),
                            models.When(priority=1, then=models.Value(0)),
                            default=models.Value(1),
                        ),
                        output_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Urgent, the client waits"),
                                (1, "The client waits for us"),
                                (2, "In hand"),
                                (3, "Waiting for a third party"),
                                (4, "Waiting for the client, clock paused"),
                                (9, "Done"),
                            ]
                        ),
                    ),
                ),
                (
                    "inbox_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            models.F("waits_since"), models.F("last_message_at")
                        ),
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.productarea",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned_tickets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="clients.client",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="clients.contact",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="contracts.contract",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="delivery.mailbox",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        help_text="the ticket its thread goes on in; never one that was merged itself",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.queue",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        help_text="where its work is done, if that is known",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.site",
                    ),
                ),
                ("tags", models.ManyToManyField(blank=True, related_name="tickets", to="tickets.tag")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting_client", "waiting_third"])),
                        fields=["inbox_group", "inbox_at", "id"],
                        name="ticket_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting_client", "waiting_third"])),
                        fields=["assignee", "inbox_group", "inbox_at", "id"],
                        name="ticket_for",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_client", "waiting_third"]),
                            ("assignee__isnull", True),
                        ),
                        fields=["inbox_group", "inbox_at", "id"],
                        name="ticket_unassigned",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_client", "waiting_third"]),
                            ("client__isnull", True),
                        ),
                        fields=["inbox_group", "inbox_at", "id"],
                        name="ticket_triage",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting_client", "waiting_third"])),
                        fields=["queue", "inbox_group", "inbox_at", "id"],
                        name="ticket_in_queue",
                    ),
                    models.Index(fields=["inbox_group", "inbox_at", "id"], name="ticket_by_waiting"),
                    models.Index(fields=["priority", "inbox_at", "id"], name="ticket_by_priority"),
                    models.Index(fields=["-created_at", "-id"], name="ticket_by_age"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                django.db.models.functions.text.Lower("subject"),
                                models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                                models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            config="simple",
                        ),
                        name="ticket_words_of_subject",
                    ),
                    models.Index(fields=["state", "-last_message_at", "-id"], name="ticket_by_state"),
                    models.Index(
                        condition=models.Q(("state", "solved")),
                        fields=["-solved_at", "-id"],
                        name="ticket_solved",
                    ),
                    models.Index(
                        fields=["client", "-last_message_at", "-id"], name="tickets_tic_client__57a099_idx"
                    ),
                    models.Index(
                        fields=["contact", "-last_message_at", "-id"], name="tickets_tic_contact_1aed76_idx"
                    ),
                    models.Index(fields=["-last_message_at", "-id"], name="tickets_tic_last_me_b6765f_idx"),
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="ticket_due",
                    ),
                    models.Index(
                        condition=models.Q(("snoozed_until__isnull", False)),
                        fields=["snoozed_until", "id"],
                        name="ticket_snoozed",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_client", "waiting_third"]),
                            ("due_at__isnull", False),
                        ),
                        fields=["due_at", "id"],
                        name="ticket_promise_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                        choices=[
                            ("inbound", "from the client"),
                            ("reply", "reply"),
                            ("note", "internal note"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("portal", "Portal"),
                            ("staff", "Team"),
                            ("api", "API"),
                            ("web", "Web form"),
                        ],
                        max_length=10,
                    ),
                ),
                ("from_name", models.CharField(blank=True, max_length=200)),
                ("from_email", models.CharField(blank=True, max_length=254)),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                ("text", models.TextField(help_text="what is read first: without quoted history")),
                ("quoted_text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True, help_text="cleaned; empty when the mail had none")),
                ("quoted_html", models.TextField(blank=True)),
                (
                    "remote_images",
                    models.PositiveIntegerField(default=0, help_text="how many were held back"),
                ),
                ("is_automatic", models.BooleanField(default=False)),
                (
                    "authenticity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "The sender is verified"),
                            ("failed", "Take care: this mail does not come from the address it names"),
                            ("unproven", "The sender could not be verified"),
                        ],
                        help_text="what the trusted receiver found out about the sender; empty when it was not asked",
                        max_length=10,
                    ),
                ),
                ("authenticity_words", models.CharField(blank=True, max_length=200)),
                ("message_id", models.CharField(blank=True, max_length=998)),
                ("message_id_hash", models.CharField(blank=True, max_length=64)),
                (
                    "written_at",
                    models.DateTimeField(help_text="the sender's date for mail, bounded to the past"),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="clients.contact",
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="delivery.outgoingmail",
                    ),
                ),
                (
                    "came_from",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="the ticket it was written on, once that was merged into this one",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "indexes": [
                    models.Index(
                        fields=["ticket", "created_at", "id"], name="tickets_mes_ticket__9dedd4_idx"
                    ),
                    models.Index(
                        condition=models.Q(("came_from__isnull", False)),
                        fields=["came_from", "created_at", "id"],
                        name="message_brought",
                    ),
                    models.Index(
                        condition=models.Q(("message_id_hash", ""), _negated=True),
                        fields=["message_id_hash"],
                        name="message_by_id",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=120)),
                ("content_id", models.CharField(blank=True, max_length=250)),
                ("is_inline", models.BooleanField(default=False)),
                (
                    "ambiguous",
                    models.CharField(
                        blank=True, help_text="why its kind is doubtful, empty if it is not", max_length=40
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="foundation.storedfile"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="tickets.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line_es", models.CharField(max_length=200)),
                ("line_en", models.CharField(max_length=200)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outage",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["began_at"],
                        name="outage_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutageNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("text_es", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="tickets.outage",
                    ),
                ),
            ],
        ),
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
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="staff.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("team__isnull", False),
                            models.Q(("audience", "team"), _negated=True),
                            _connector="OR",
                        ),
                        name="view_of_a_team_names_it",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "is_internal",
                    models.BooleanField(default=False, help_text="of a note: only the desk finds it"),
                ),
                ("at", models.DateTimeField(help_text="when it was written")),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "is_stale",
                    models.BooleanField(default=False, help_text="to be read again by the regular job"),
                ),
                (
                    "message",
                    models.OneToOneField(
                        help_text="empty: the ticket",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="tickets.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_documents",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_words"),
                    models.Index(fields=["-at", "-id"], name="search_newest"),
                    models.Index(condition=models.Q(("is_stale", True)), fields=["id"], name="search_stale"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("message__isnull", True)),
                        fields=("ticket",),
                        name="one_search_document_of_a_ticket",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ticket", "user"), name="present_once")],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Very bad"), (2, "Bad"), (3, "Fair"), (4, "Good"), (5, "Very good")],
                        null=True,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="clients.contact",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contact", "-asked_at"], name="tickets_opi_contact_1b5004_idx"),
                    models.Index(
                        condition=models.Q(("answered_at__isnull", False)),
                        fields=["answered_at"],
                        name="opinion_given",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True), ("level__range", (1, 5)), _connector="OR"
                        ),
                        name="opinion_level",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("moved", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("merged_version", models.PositiveIntegerField()),
                ("into_version", models.PositiveIntegerField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_here",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_away",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("merged",),
                        name="merged_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "constraints": [models.UniqueConstraint(fields=("ticket", "user"), name="follows_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                        choices=[
                            ("inbound", "from the client"),
                            ("reply", "reply"),
                            ("note", "internal note"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "user", "kind"), name="one_draft_of_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_response", "Next response"),
                            ("normalisation", "Service normal again"),
                            ("solution", "Solution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "on time"),
                            ("paused", "paused"),
                            ("met", "met"),
                            ("breached", "broken"),
                            ("nothing_promised", "nothing promised"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, help_text="what is promised, if anything is", null=True
                    ),
                ),
                (
                    "counted_seconds",
                    models.PositiveBigIntegerField(default=0, help_text="covered time at `read_at`"),
                ),
                ("is_counting", models.BooleanField(default=False)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("breached_at", models.DateTimeField(blank=True, null=True)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="when it was decided: kept, or broken; reports count it then",
                        null=True,
                    ),
                ),
                ("read_at", models.DateTimeField()),
                ("next_due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "promise",
                    models.ForeignKey(
                        help_text="what held when it was read",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.promise",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["started_at", "metric", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_due_at__isnull", False)),
                        fields=["next_due_at"],
                        name="deadline_due",
                    ),
                    models.Index(fields=["settled_at", "ticket"], name="deadline_settled"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "metric", "number"), name="deadline_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketChecklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticket_checklist",
                        to="procedures.run",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checklists",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("field", models.CharField(max_length=20)),
                ("before", models.CharField(blank=True, max_length=200)),
                ("after", models.CharField(blank=True, max_length=200)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ticket", "at", "id"], name="tickets_tic_ticket__dc137d_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="FieldValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300)),
                ("number", models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ("on", models.DateField(blank=True, null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="field_values",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="tickets.ticketfield",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("field"),
                        django.contrib.postgres.indexes.OpClass(
                            models.Func(
                                django.db.models.functions.text.Lower("text"),
                                models.Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
                                models.Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            name="text_pattern_ops",
                        ),
                        models.F("ticket"),
                        name="field_words",
                    ),
                    models.Index(
                        condition=models.Q(("number__isnull", False)),
                        fields=["field", "number", "ticket"],
                        name="field_number",
                    ),
                    models.Index(
                        condition=models.Q(("on__isnull", False)),
                        fields=["field", "on", "ticket"],
                        name="field_day",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "field"), name="field_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            ("number__isnull", False),
                            ("on__isnull", False),
                            _connector="OR",
                        ),
                        name="field_has_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("related", "related"), ("split", "split off")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_up",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_down",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("first", "second"), name="linked_once")],
            },
        ),
        migrations.CreateModel(
            name="TicketPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.promise"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [
                    models.Index(fields=["ticket", "since", "id"], name="tickets_tic_ticket__e3a261_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldOnTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.message"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="tickets.outagenotice",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("notice", "ticket"), name="told_once")],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeadlineEvent",
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
                        choices=[
                            ("warned", "time is running out"),
                            ("breached", "time is up"),
                            ("met", "done in time"),
                            ("late", "done late"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), blank=True, default=list, size=None
                    ),
                ),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="tickets.deadline",
                    ),
                ),
            ],
            options={
                "ordering": ["noted_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("deadline", "kind", "at"), name="deadline_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="tickets.message",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("message", "user"), name="mentioned_once")],
            },
        ),
    ]
    operations = [CreateModels(*operations)]
