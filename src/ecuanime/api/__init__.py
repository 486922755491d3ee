"""REST for programs: what there is to read and write, with a token per person and OpenAPI.

A program sees and does what the person whose token it carries sees and does on the screens, in their language; it
writes only with a token that says so. The API keeps nothing of its own but how often each token was used in its
current minute, and for two days what each write was answered, so that a repeat is answered the same.
"""
