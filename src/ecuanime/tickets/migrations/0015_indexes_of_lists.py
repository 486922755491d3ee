"""Indexes: of own fields' texts whatever their case and accents, of what was put off, of a tag's tickets.

The join table of tags is Django's own, so its index is written here: with the ticket in it, whether a ticket carries a
tag is told by the index alone. It does the work of Django's index of the tag too, which goes.
"""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower

# As `foundation.words.folded` was then: what an index was made of does not change with the code.
FOLDED_TEXT = Func(
    Lower("text"),
    Value("áàäâãåéèëêíìïîóòöôõúùüûñçýÁÀÄÂÃÅÉÈËÊÍÌÏÎÓÒÖÔÕÚÙÜÛÑÇÝ@.-_+'’/"),
    Value("aaaaaaeeeeiiiiooooouuuuncyaaaaaaeeeeiiiiooooouuuuncy        "),
    function="translate",
    output_field=TextField(),
)

OF_A_TAG = """
CREATE INDEX tickets_of_tag ON tickets_ticket_tags (tag_id, ticket_id);
DROP INDEX tickets_ticket_tags_tag_id_94e38768;
"""
AS_BEFORE = """
CREATE INDEX tickets_ticket_tags_tag_id_94e38768 ON tickets_ticket_tags (tag_id);
DROP INDEX tickets_of_tag;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0014_sites"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_snoozed",
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["snoozed_until", "id"],
                name="ticket_snoozed",
            ),
        ),
        migrations.RemoveIndex(
            model_name="fieldvalue",
            name="tickets_fie_field_i_58c2b9_idx",
        ),
        migrations.AddIndex(
            model_name="fieldvalue",
            index=models.Index(
                F("field"),
                OpClass(FOLDED_TEXT, name="text_pattern_ops"),
                F("ticket"),
                name="field_words",
            ),
        ),
        migrations.RunSQL(OF_A_TAG, AS_BEFORE),
    ]
