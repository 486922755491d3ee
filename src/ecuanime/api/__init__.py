"""REST for programs: read-only for now, with a token per person and OpenAPI.

A program sees what the person whose token it carries sees on the screens, in their language. It keeps nothing of
its own but how often each token was used in its current minute. Anyone with a token may have a scenario rated, which
keeps nothing either. Writing comes with the desk and with billing.
"""
