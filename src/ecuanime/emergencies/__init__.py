"""Emergencies: the case that hangs on a ticket from its declaration to its closing.

It keeps who was alerted, what was answered and accepted, and how the case stands; the thread, the time and the money
stay with tickets, worklog and billing, which it calls.
"""
