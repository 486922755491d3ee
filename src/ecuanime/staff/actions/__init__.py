"""Every write about the firm: its data, holidays, product areas and who is competent in them."""

from ecuanime.staff.actions.areas import (
    add_product_area,
    remove_product_area,
    rename_product_area,
    set_competences,
)
from ecuanime.staff.actions.firm import FirmChanges, finish_setup, set_up_firm, update_firm
from ecuanime.staff.actions.holidays import add_holiday, load_public_holidays, remove_holiday

__all__ = [
    "FirmChanges",
    "add_holiday",
    "add_product_area",
    "finish_setup",
    "load_public_holidays",
    "remove_holiday",
    "remove_product_area",
    "rename_product_area",
    "set_competences",
    "set_up_firm",
    "update_firm",
]
