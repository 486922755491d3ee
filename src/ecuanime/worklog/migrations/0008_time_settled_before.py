"""Time that a former program settled is kept, and the database lets it neither draw, bill nor change its state."""

from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION worklog_settled_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'time that was settled before it was brought over never changes';
END $$;

CREATE TRIGGER settled_is_final BEFORE UPDATE ON worklog_timeentry
    FOR EACH ROW WHEN (OLD.state = 'settled') EXECUTE FUNCTION worklog_settled_is_final();
"""

UNGUARD = """
DROP TRIGGER settled_is_final ON worklog_timeentry;
DROP FUNCTION worklog_settled_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_substitutes"),
        ("worklog", "0007_consented_overage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="timeentry",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "not closed yet"),
                    ("closed", "to be reviewed"),
                    ("reviewed", "waiting for the client"),
                    ("disputed", "disputed"),
                    ("approved", "approved"),
                    ("rejected", "rejected"),
                    ("settled", "settled before it was brought over"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="timeentry",
            index=models.Index(fields=["client", "-work_on", "-id"], name="entry_of_client_by_day"),
        ),
        migrations.AddConstraint(
            model_name="timeentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "settled"), _negated=True)
                | models.Q(
                    ("approved_at__isnull", True),
                    ("contract__isnull", True),
                    ("corrects__isnull", True),
                    ("cut__isnull", True),
                ),
                name="settled_time_is_never_ours",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
