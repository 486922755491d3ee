"""Search reads documents of its own: words of Spanish and English by their stems, whole words for beginnings.

Words that say nothing in either language are left out. What exists already is read by the regular job.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = r"""
CREATE TEXT SEARCH DICTIONARY search_says_nothing_es (TEMPLATE = simple, STOPWORDS = spanish, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY search_says_nothing_en (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);

CREATE TEXT SEARCH CONFIGURATION search_whole (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION search_whole ALTER MAPPING FOR asciiword, word, numword
    WITH search_says_nothing_es, search_says_nothing_en, simple;
CREATE TEXT SEARCH CONFIGURATION search_es (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION search_es ALTER MAPPING FOR asciiword, word
    WITH search_says_nothing_es, search_says_nothing_en, spanish_stem;
CREATE TEXT SEARCH CONFIGURATION search_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION search_en ALTER MAPPING FOR asciiword, word
    WITH search_says_nothing_es, search_says_nothing_en, english_stem;

-- The Spanish stemmer knows the ending -ción only by its accent, which folding has taken away.
CREATE FUNCTION search_accented(plain text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(plain, 'cion\M', 'ción', 'g')
$$;

CREATE FUNCTION search_words(plain text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('search_whole', plain) || to_tsvector('search_es', search_accented(plain))
        || to_tsvector('search_en', plain)
$$;

CREATE FUNCTION search_document(subject text, people text, files text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(search_words(subject), 'A') || setweight(search_words(people), 'B')
        || setweight(search_words(files), 'C') || setweight(search_words(body), 'D')
$$;

-- Each term is plain words side by side; with a final asterisk its last word may be the beginning of one.
CREATE FUNCTION search_query(terms text[]) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    term text;
    plain text;
    one tsquery;
    every tsquery := ''::tsquery;
BEGIN
    FOREACH term IN ARRAY terms LOOP
        plain := rtrim(term, '*');
        one := phraseto_tsquery('search_whole', plain);
        IF numnode(one) > 0 THEN
            one := one || phraseto_tsquery('search_es', search_accented(plain)) || phraseto_tsquery('search_en', plain);
        END IF;
        IF term LIKE '%*' THEN
            one := one || to_tsquery('simple', replace(plain, ' ', ' <-> ') || ':*');
        END IF;
        every := every && one;
    END LOOP;
    RETURN every;
END $$;
"""

DROP = """
DROP FUNCTION search_query(text[]);
DROP FUNCTION search_document(text, text, text, text);
DROP FUNCTION search_words(text);
DROP FUNCTION search_accented(text);
DROP TEXT SEARCH CONFIGURATION search_en;
DROP TEXT SEARCH CONFIGURATION search_es;
DROP TEXT SEARCH CONFIGURATION search_whole;
DROP TEXT SEARCH DICTIONARY search_says_nothing_en;
DROP TEXT SEARCH DICTIONARY search_says_nothing_es;
"""

EXISTING = """
INSERT INTO tickets_searchdocument (ticket_id, message_id, is_internal, at, words, is_stale)
    SELECT id, NULL, false, created_at, '', true FROM tickets_ticket;
INSERT INTO tickets_searchdocument (ticket_id, message_id, is_internal, at, words, is_stale)
    SELECT ticket_id, id, kind = 'note', created_at, '', true FROM tickets_message;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_satisfaction"),
    ]

    operations = [
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
            ],
        ),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_subject_words",
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="message",
            field=models.OneToOneField(
                help_text="empty: the ticket",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="search_document",
                to="tickets.message",
            ),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="search_documents",
                to="tickets.ticket",
            ),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_words"),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(fields=["-at", "-id"], name="search_newest"),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=models.Index(condition=models.Q(("is_stale", True)), fields=["id"], name="search_stale"),
        ),
        migrations.AddConstraint(
            model_name="searchdocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", True)),
                fields=("ticket",),
                name="one_search_document_of_a_ticket",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
