"""The forms about people of the firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language, Role, User
from ecuanime.staff.models import Competence, ProductArea


class RolesForm(forms.Form):
    """What a person does."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class InviteForm(RolesForm):
    """Somebody who joins the team."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    field_order = ("name", "email", "language", "roles")


class CompetenceForm(forms.Form):
    """One choice for each product area; made for a person and the areas there are."""

    PREFIX = "area_"

    @classmethod
    def of(
        cls, user: User, levels: Mapping[int, str], areas: Sequence[ProductArea], data: Any = None
    ) -> CompetenceForm:
        """The form with a field for each area, showing the levels the person has."""
        form = cls(data)
        choices = [("", _("does not know it")), *Competence.Level.choices]
        for area in areas:
            form.fields[f"{cls.PREFIX}{area.pk}"] = forms.ChoiceField(
                label=area.name, choices=choices, required=False, initial=levels.get(area.pk, "")
            )
        return form

    def levels(self) -> dict[int, str]:
        """The chosen level by the area's id; areas left empty are not in it."""
        chosen = ((name.removeprefix(self.PREFIX), level) for name, level in self.cleaned_data.items())
        return {int(pk): level for pk, level in chosen if level}
