"""Tests of keeping: backup, restore, verify, doctor."""
