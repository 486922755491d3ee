"""What a client, or the team for them, says of an emergency."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from ecuanime.emergencies.actions import Declared
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas


def _long(label: Any, rows: int, *, required: bool = True, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


class DeclareForm(forms.Form):
    """What a client says of an emergency."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("About what"), queryset=ProductArea.objects.none(), empty_label=None
    )
    facts = _long(gettext_lazy("What has stopped working?"), 4, most=5000)
    since = forms.CharField(label=gettext_lazy("Since when?"), max_length=200, required=False)
    critical = _long(gettext_lazy("What is critical meanwhile?"), 2, required=False)
    desired = _long(gettext_lazy("When would you call it normal again?"), 2)
    available = forms.CharField(
        label=gettext_lazy("Who can we reach, and how?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].queryset = product_areas()

    def declared(self) -> Declared:
        """What was said."""
        return Declared(**self.cleaned_data)
