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

__all__ = [
    "OVER",
    "UNANSWERED",
    "WORKED",
    "Acceptance",
    "Alert",
    "Assessment",
    "Emergency",
    "ExpressService",
    "Happening",
    "OnAlert",
    "Stage",
]
