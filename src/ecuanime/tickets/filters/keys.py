"""The keys and fixed words a query may use, in English and in Spanish; anything else is refused by name."""

from __future__ import annotations

from ecuanime.tickets.models import Channel, Priority, State

ALIASES = {
    "estado": "state",
    "es": "is",
    "prioridad": "priority",
    "asignado": "assignee",
    "cliente": "client",
    "contacto": "contact",
    "area": "area",
    "área": "area",
    "contrato": "contract",
    "etiqueta": "tag",
    "cola": "queue",
    "canal": "channel",
    "numero": "number",
    "número": "number",
    "creado": "created",
    "movido": "updated",
    "espera": "waiting",
    "resuelto": "solved",
    "vence": "due",
    "asunto": "subject",
    "campo": "field",
}
FIELD = "field"
"""The key of the firm's own fields, with the field's name after a dot."""

STATES = {
    **{state.value: state for state in State},
    "nuevo": State.NEW,
    "abierto": State.OPEN,
    "espera_cliente": State.WAITING_CLIENT,
    "espera_tercero": State.WAITING_THIRD,
    "resuelto": State.SOLVED,
    "cerrado": State.CLOSED,
}
PRIORITIES = {
    **{str(priority.value): priority for priority in Priority},
    **{priority.name.lower(): priority for priority in Priority},
    "urgente": Priority.URGENT,
    "alta": Priority.HIGH,
    "baja": Priority.LOW,
}
CHANNELS = {
    **{channel.value: channel for channel in Channel},
    "correo": Channel.EMAIL,
    "equipo": Channel.STAFF,
}
ME = frozenset({"me", "yo"})
NOBODY = frozenset({"none", "nobody", "nadie", "ninguno", "ninguna"})

FLAGS = {
    "open": "open",
    "abierto": "open",
    "done": "done",
    "hecho": "done",
    "unread": "unread",
    "sin_leer": "unread",
    "waiting": "waiting",
    "esperando": "waiting",
    "unassigned": "unassigned",
    "sin_asignar": "unassigned",
    "unknown": "unknown",
    "late": "late",
    "tarde": "late",
    "snoozed": "snoozed",
    "aplazado": "snoozed",
    "sin_identificar": "unknown",
}
FLAGS_OF_EVERYBODY = {
    word: flag for word, flag in FLAGS.items() if flag in ("open", "done", "waiting", "late")
}

OF_EVERYBODY = (
    *("is", "state", "priority", "contact", "contract", "area", "channel", "number", "subject"),
    *("created", "updated", "waiting", "solved", "due"),
)
OF_THE_TEAM = ("assignee", "client", "tag", "queue", FIELD)
"""Who works on what is the team's business: a client's contact gets no answer from these, not even by counting."""

OF_TIME = ("created", "updated", "waiting", "solved", "due", FIELD)
"""What may be asked for by a day such as `today`, or by a span from now on."""


def known_key(key: str) -> str:
    """The key in English."""
    return ALIASES.get(key, key)
