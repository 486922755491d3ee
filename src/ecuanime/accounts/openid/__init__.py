"""Asking a provider of OpenID Connect who somebody is: authorization code with PKCE, and an ID token that is checked.

Protocol only: which account the answer opens is decided by `accounts.actions.identities`.
"""
