"""Checklists: what must be gone through for a kind of work, and each time it is gone through.

It knows no ticket and no visit: those hold the key of a run. A run keeps the words of its items as they were when it
began, so that a checklist may be changed without rewriting what was done.
"""
