"""Addresses of this audience, read as a table."""

from django.urls import URLPattern, URLResolver, path, register_converter

from ecuanime.web.desk import (
    changes,
    fast_entry,
    files,
    inbox,
    joining,
    my_day,
    register,
    search,
    team,
    ticket,
    timers,
    whose,
    writing,
)
from ecuanime.web.desk.converters import DayConverter

register_converter(DayConverter, "day")

urlpatterns: list[URLPattern | URLResolver] = [
    path("bandeja/", inbox.home, name="inbox"),
    path("bandeja/<slug:view>/", inbox.view, name="inbox_view"),
    path("bandeja/<slug:view>/nuevos", inbox.news, name="inbox_news"),
    path("buscar/", search.search, name="search"),
    path("equipo/", team.team, name="team"),
    path("equipo/ausencias/<int:pk>/aprobar/", team.approve, name="team_approve_leave"),
    path("equipo/ausencias/<int:pk>/cancelar/", team.cancel, name="team_cancel_leave"),
    # Tickets
    path("tickets/nuevo/", whose.new, name="ticket_new"),
    path("tickets/<int:number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/vistazo/", inbox.peek, name="ticket_peek"),
    path("tickets/<int:number>/novedades/", ticket.news, name="ticket_news"),
    path("tickets/<int:number>/paneles/<slug:name>/", ticket.panel, name="ticket_panel"),
    path("tickets/<int:number>/identificar/", whose.identify, name="ticket_identify"),
    path("tickets/<int:number>/responder/", writing.answer, name="ticket_reply"),
    path("tickets/<int:number>/nota/", writing.note, name="ticket_note"),
    path("tickets/<int:number>/borrador/", writing.draft, name="ticket_draft"),
    path("tickets/<int:number>/mensajes/<int:message>/reenviar/", writing.again, name="ticket_send_again"),
    path("tickets/<int:number>/estado/", changes.state, name="ticket_state"),
    path("tickets/<int:number>/deshacer/", changes.undo, name="ticket_undo"),
    path("tickets/<int:number>/asignar/", changes.assignee, name="ticket_assignee"),
    path("tickets/<int:number>/prioridad/", changes.priority, name="ticket_priority"),
    path("tickets/<int:number>/etiquetas/", changes.tags, name="ticket_tags"),
    path("tickets/<int:number>/area/", changes.area, name="ticket_area"),
    path("tickets/<int:number>/contrato/", changes.contract, name="ticket_contract"),
    path("tickets/<int:number>/contacto/", changes.contact, name="ticket_contact"),
    path("tickets/<int:number>/vincular/", joining.join, name="ticket_join"),
    path("tickets/<int:number>/unir/", joining.merge, name="ticket_merge"),
    path("tickets/<int:number>/unir/deshacer/", joining.undo, name="ticket_merge_undo"),
    path("tickets/<int:number>/separar/", joining.split, name="ticket_split"),
    path("tickets/<int:number>/enlazar/", joining.link, name="ticket_link"),
    path("tickets/<int:number>/depende/", joining.parent, name="ticket_parent"),
    path("tickets/<int:number>/resolver-dependientes/", joining.solve_children, name="ticket_solve_children"),
    path("tickets/<int:number>/horas/", my_day.record, name="ticket_record_time"),
    # Files of messages, for the team and for contacts
    path("adjuntos/<int:pk>/", files.attachment, name="attachment"),
    path("correo/<int:incoming>/imagenes/<path:cid>", files.inline_image, name="inline_image"),
    path("correo/imagen/", files.remote_image, name="remote_image"),
    # Time
    path("cronometro/", timers.timer, name="timer"),
    path("cronometro/empezar/<int:number>/", timers.start, name="timer_start"),
    path("cronometro/parar/", timers.stop, name="timer_stop"),
    path("cronometro/seguir/", timers.keep, name="timer_keep"),
    path("cronometro/descartar/", timers.discard, name="timer_discard"),
    path("horas/jornada/", register.register, name="register"),
    path("horas/jornada/csv/", register.register_csv, name="register_csv"),
    path("horas/mi-dia/", my_day.day, name="my_day"),
    path("horas/mi-dia/<day:day>/", my_day.day, name="my_day_of"),
    path("horas/mi-dia/<day:day>/linea/", fast_entry.line, name="my_day_line"),
    path("horas/partes/<int:pk>/", my_day.edit, name="entry_edit"),
    path("horas/partes/<int:pk>/borrar/", my_day.delete, name="entry_delete"),
    path("horas/partes/<int:pk>/dejar-sitio/", my_day.make_room, name="entry_make_room"),
]
