"""Tickets and their threads: one ticket is one subject of work, whatever number of messages or days it takes.

It knows neither how mail arrives (`channels`) nor what the time costs (`worklog`, `entitlements`).
"""
