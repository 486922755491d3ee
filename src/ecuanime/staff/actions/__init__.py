"""Every write about the firm: its data, holidays, product areas, and its people: competence, teams, hours, leave."""

from ecuanime.staff.actions.areas import (
    add_product_area,
    remove_product_area,
    rename_product_area,
    set_competences,
)
from ecuanime.staff.actions.attendance import approve_leave, cancel_leave, note_leave, set_working_hours
from ecuanime.staff.actions.firm import FirmChanges, finish_setup, set_up_firm, update_firm
from ecuanime.staff.actions.holidays import add_holiday, load_public_holidays, remove_holiday
from ecuanime.staff.actions.teams import change_team, dissolve_team, handle_new_tickets, make_team

__all__ = [
    "FirmChanges",
    "add_holiday",
    "add_product_area",
    "approve_leave",
    "cancel_leave",
    "change_team",
    "dissolve_team",
    "finish_setup",
    "handle_new_tickets",
    "load_public_holidays",
    "make_team",
    "note_leave",
    "remove_holiday",
    "remove_product_area",
    "rename_product_area",
    "set_competences",
    "set_up_firm",
    "set_working_hours",
    "update_firm",
]
