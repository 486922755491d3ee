"""The one error that drawing an invoice raises."""


class RenderError(Exception):
    """The document cannot be drawn: a figure does not add up, or a part is unreadable. The message says which."""
