"""What the database itself keeps in the room `worklog`, whoever asks it.

As first given out: what changes later is a migration of its own, and this text stays.
"""

from __future__ import annotations

# Time that a former program settled is kept, and the database lets it neither draw, bill nor change its state.
TIME_SETTLED_BEFORE = """
CREATE FUNCTION worklog_settled_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'time that was settled before it was brought over never changes';
END $$;

CREATE TRIGGER settled_is_final BEFORE UPDATE ON worklog_timeentry
    FOR EACH ROW WHEN (OLD.state = 'settled') EXECUTE FUNCTION worklog_settled_is_final();
"""

GUARDS = (TIME_SETTLED_BEFORE,)
