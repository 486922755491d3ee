"""An emergency with all that hangs on it, and how the firm serves emergencies."""

from ecuanime.emergencies.models.cases import (
    OVER,
    UNANSWERED,
    WORKED,
    Acceptance,
    Alert,
    Assessment,
    Emergency,
    ExpressService,
    Happening,
    OnAlert,
    Stage,
)
from ecuanime.emergencies.models.door import CaseLink, OwnAgreement, PublicDeclaration
from ecuanime.emergencies.models.reports import Report, Section
from ecuanime.emergencies.models.room import (
    Actor,
    CeilingRaise,
    Check,
    Critical,
    Evidence,
    Finding,
    Question,
)

__all__ = [
    "OVER",
    "UNANSWERED",
    "WORKED",
    "Acceptance",
    "Actor",
    "Alert",
    "Assessment",
    "CaseLink",
    "CeilingRaise",
    "Check",
    "Critical",
    "Emergency",
    "Evidence",
    "ExpressService",
    "Finding",
    "Happening",
    "OnAlert",
    "OwnAgreement",
    "PublicDeclaration",
    "Question",
    "Report",
    "Section",
    "Stage",
]
