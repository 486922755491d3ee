"""The organisations that are served: their contacts, confirmed mail domains and sites.

What a client has bought lives in `contracts` and `entitlements`; who signs in lives in `accounts`.
"""
