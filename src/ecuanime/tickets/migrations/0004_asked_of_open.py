"""What lists and their counters ask of open tickets stands in the indexes of open tickets."""

from django.db import migrations, models
from django.db.models import Q

OPEN = Q(state__in=["new", "open", "waiting_client", "waiting_third"])
ASKED = (
    *("state", "priority", "assignee", "client", "contact", "area", "queue"),
    *("snoozed_until", "created_at", "last_message_at"),
)
INDEXES = {
    "ticket_open": OPEN,
    "ticket_unassigned": OPEN & Q(assignee__isnull=True),
    "ticket_triage": OPEN & Q(client__isnull=True),
}
# An index answers alone for rows that have been vacuumed since they changed, and open tickets change all day.
VACUUMED_OFTEN = "ALTER TABLE tickets_ticket SET (autovacuum_vacuum_scale_factor = 0.02)"
VACUUMED_AS_OTHERS = "ALTER TABLE tickets_ticket RESET (autovacuum_vacuum_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_keys_in_what_was_quoted")]

    operations = [
        *(migrations.RemoveIndex(model_name="ticket", name=name) for name in INDEXES),
        *(
            migrations.AddIndex(
                model_name="ticket",
                index=models.Index(
                    fields=["inbox_group", "inbox_at", "id"], include=ASKED, condition=condition, name=name
                ),
            )
            for name, condition in INDEXES.items()
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["client", "-last_message_at", "-id"], condition=OPEN, name="ticket_open_of_client"
            ),
        ),
        migrations.RunSQL(VACUUMED_OFTEN, VACUUMED_AS_OTHERS),
    ]
