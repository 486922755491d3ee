"""What the firm keeps: itself, its holidays and product areas, and what is known of its people."""

from ecuanime.staff.models.firm import Escalation, Firm, Holiday, ProductArea
from ecuanime.staff.models.people import Competence, Leave, Team, WorkingBand

__all__ = ["Competence", "Escalation", "Firm", "Holiday", "Leave", "ProductArea", "Team", "WorkingBand"]
