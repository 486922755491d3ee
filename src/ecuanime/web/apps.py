"""Registers the screens with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The screens."""

    name = "ecuanime.web"
