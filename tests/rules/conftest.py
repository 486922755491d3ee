"""Laws are checked by many examples; a busy machine is no reason for one of them to fail."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
