"""What protects the forms that anybody may send."""

from __future__ import annotations

from django import forms
from django.core import signing

from ecuanime.foundation.clock import read_clock

QUICKEST, SLOWEST = 3, 12 * 3600
"""Seconds between seeing the form and sending it: a program is faster, and a page left open for longer is stale."""
SALT = "public form"


def seen_now() -> str:
    """The signed mark that says when a form was shown."""
    return signing.dumps(read_clock().timestamp(), salt=SALT)


class OpenForm(forms.Form):
    """A form for anybody. `website` is seen by programs alone, and `seen` says when the form was shown."""

    website = forms.CharField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def is_of_a_program(self) -> bool:
        """Whether a person can hardly have sent this: the hidden field is filled, or it came too fast."""
        if self.data.get("website"):
            return True
        try:
            shown = signing.loads(self.data.get("seen", ""), salt=SALT, max_age=SLOWEST)
        except signing.BadSignature:
            return True
        return bool(read_clock().timestamp() - shown < QUICKEST)
