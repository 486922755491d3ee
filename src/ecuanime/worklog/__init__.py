"""Who worked for whom on what, from when to when; the daily cut and the approvals: the last one asked for draws.

Its rated segments are what `billing` turns into invoice lines; hours are taken by `entitlements`.
"""
