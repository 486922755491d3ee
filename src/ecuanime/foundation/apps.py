"""Registers the foundation with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """The floor."""

    name = "ecuanime.foundation"
    default_auto_field = "django.db.models.BigAutoField"
