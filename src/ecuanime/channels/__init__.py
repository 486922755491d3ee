"""Intake: how requests reach the firm. One folder per kind of channel; all of them end in a ticket's message.

It keeps what arrived, unchanged, until someone or something has dealt with it. What leaves is delivery's; what a
request becomes is tickets'.
"""
