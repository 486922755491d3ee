"""REST for programs: read-only for now, with a token per person and OpenAPI.

A program sees what the person whose token it carries sees on the screens, in their language. It keeps nothing of
its own but how often each token was used in its current minute. Writing comes with the desk and with billing.
"""
