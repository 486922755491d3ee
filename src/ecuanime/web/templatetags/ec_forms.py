"""Form fields with their label, hint and error tied together, and the summary of what is wrong."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Widget,
)

register = template.Library()


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", hint: str = "", placeholder: str = "") -> dict[str, Any]:
    """A form's field: label, control, hint and error; checkboxes and choices as groups.

    The control is described by its hint and its error, marked invalid when it is, and never loses what was typed.
    """
    widget = bound.field.widget
    shape = _shape(widget)
    hint_text = hint or bound.help_text
    described = [f"{bound.auto_id}_hint"] if hint_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, Any] = {"class": _control_class(widget, bool(bound.errors))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if placeholder:
        attrs["placeholder"] = placeholder
    return {
        "bound": bound,
        "shape": shape,
        "label": label or bound.label,
        "hint": hint_text,
        "control": bound.as_widget(attrs=attrs) if shape != "group" else "",
        "choices": _choices(bound) if shape == "group" else [],
        "described": " ".join(described),
        "is_optional": not bound.field.required and shape == "line",
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong in a form, with a link to each field; nothing when nothing is."""
    wrong = [(bound, _anchor(bound), bound.errors) for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"form": form, "wrong": wrong, "general": [*form.non_field_errors(), *hidden]}


def _anchor(bound: BoundField) -> str:
    # A group of choices has no control of its own: its first choice is the place to go.
    return bound.id_for_label or f"{bound.auto_id}_0"


def _shape(widget: Widget) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "line"


def _control_class(widget: Widget, is_invalid: bool) -> str:
    if isinstance(widget, CheckboxInput):
        css = "form-check-input"
    else:
        css = "form-select" if isinstance(widget, Select) else "form-control"
    own = str(widget.attrs.get("class", ""))
    return " ".join(word for word in (css, own, "is-invalid" if is_invalid else "") if word)


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    return [
        {
            "id": choice.id_for_label,
            "label": choice.choice_label,
            "value": choice.data["value"],
            "is_chosen": choice.data["selected"],
            "kind": choice.data["type"],
        }
        for choice in bound.subwidgets
    ]
