"""Intake only: what comes in by e-mail becomes tickets and messages, or stands in quarantine, whole.

One folder per kind of channel. What leaves is the business of `delivery`.
"""
