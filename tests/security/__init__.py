"""Attacks by class. What each class is covered by stands in `index.py`; here are the tests that cut across rooms."""
