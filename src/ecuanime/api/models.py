"""How often each token was used lately; nothing else of the API is kept."""

from __future__ import annotations

from django.db import models


class TokenUse(models.Model):
    """The minute that a token's uses are counted in, by the token's hash."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    uses = models.PositiveIntegerField()
