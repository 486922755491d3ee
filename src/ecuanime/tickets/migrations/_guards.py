"""What the database itself keeps in the room `tickets`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# Search reads documents of its own: words of Spanish and English by their stems, whole words for beginnings.
#
# Words that say nothing in either language are left out. What exists already is read by the regular job.
SEARCH = r"""
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

# A number that moves with every statement that changes tickets: screens ask it whether anything is new.
#
# A sequence, so that nobody waits for anybody and asking costs next to nothing. It moves a moment before the change can be
# read; whoever has seen it move asks once more.
VERSION = """
CREATE SEQUENCE tickets_version;

CREATE FUNCTION tickets_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7315021964);
    PERFORM nextval('tickets_version');
    RETURN NULL;
END $$;

CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_ticket
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_note_version();
"""

# Indexes: of own fields' texts whatever their case and accents, of what was put off, of a tag's tickets.
#
# The join table of tags is Django's own, so its index is written here: with the ticket in it, whether a ticket carries a
# tag is told by the index alone. It does the work of Django's index of the tag too, which goes.
INDEXES_OF_LISTS = """
CREATE INDEX tickets_of_tag ON tickets_ticket_tags (tag_id, ticket_id);

DROP INDEX tickets_ticket_tags_tag_id_94e38768;
"""

# Versions that can be relied on: a second one for what stands around the lists, and a way to tell that both are settled.
#
# `desk_version` moves when a queue, a saved view, a macro, a tag, a field, a person, a team or a product area changes. A
# version moves before its change can be read; whoever changes something holds a shared lock from then until the commit, so
# that a reader who finds nobody holding it knows that all that moved the version can be read.
WHAT_LISTS_STAND_ON = """
CREATE SEQUENCE desk_version;

-- The first step of a sequence cannot be told from none.
SELECT nextval('desk_version'), nextval('tickets_version');

CREATE FUNCTION desk_note_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7315021964);
    PERFORM nextval('desk_version');
    RETURN NULL;
END $$;

CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_queue
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_savedview
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_macro
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_tag
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON tickets_ticketfield
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON staff_productarea
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON staff_team
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON staff_team_members
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
CREATE TRIGGER note_version AFTER INSERT OR UPDATE OR DELETE ON accounts_user
    FOR EACH STATEMENT EXECUTE FUNCTION desk_note_version();
"""

GUARDS = (SEARCH, VERSION, INDEXES_OF_LISTS, WHAT_LISTS_STAND_ON)
