"""What is offered and what was accepted: work types, coverage calendars, plans, their versions, contracts.

A published plan version never changes; a contract is a client's acceptance of one version. Hours granted and
drawn live in `entitlements`.
"""
