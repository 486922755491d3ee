"""Messages from before links of ours were cut out of what somebody quotes: these open nothing any more either."""

from functools import reduce
from operator import or_

from django.db import migrations
from django.db.models import Q

from ecuanime.foundation.own_links import without_keys

PARTS = ("text", "quoted_text", "html", "quoted_html")
MAY_HOLD_ONE = r"(caso|opinion|key|entrar|urgencia|pedir|inicio)(/|%2F|%252F)"
"""What stands before every key: few messages have it, and only those are looked at."""


def cut_keys(apps, schema_editor):
    """The raw mail stays as it came; search reads the message anew."""
    messages = apps.get_model("tickets", "Message").objects
    documents = apps.get_model("tickets", "SearchDocument").objects
    suspect = reduce(or_, (Q(**{f"{part}__iregex": MAY_HOLD_ONE}) for part in PARTS))
    for message in messages.filter(suspect).only(*PARTS).iterator():
        before = {part: getattr(message, part) for part in PARTS}
        after = {part: without_keys(text) for part, text in before.items()}
        if after != before:
            messages.filter(pk=message.pk).update(**after)
            documents.filter(message=message.pk).update(is_stale=True)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_guards")]

    operations = [migrations.RunPython(cut_keys, migrations.RunPython.noop)]
