"""How often each token was used lately, and what each write was answered."""

from __future__ import annotations

from django.db import models

from ecuanime.accounts.models import ApiToken


class TokenUse(models.Model):
    """The minute that a token's uses are counted in, by the token's hash."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    uses = models.PositiveIntegerField()


class Answer(models.Model):
    """What a write was answered, by its token and idempotency key: asked again, it is answered the same.

    `said` is a hash of method, address and body, which tells a repeat from another request with the same key.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=200)
    said = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="answer_once")]
        indexes = [models.Index(fields=["at"])]
