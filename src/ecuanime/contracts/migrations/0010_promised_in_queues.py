"""Times can be promised in a queue of the desk, after the client's and before everybody's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_dossier_and_own_people"),
        ("contracts", "0009_hours_left_move_on"),
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
            name="is_of_queue",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="servicelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client__isnull", True), ("contract__isnull", True)),
                    models.Q(
                        ("is_of_queue", False),
                        models.Q(("contract__isnull", True), ("client__isnull", True), _connector="OR"),
                    ),
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
                    ("client__isnull", True), ("contract__isnull", True), ("is_of_queue", False)
                ),
                name="one_default_service_level",
            ),
        ),
    ]
