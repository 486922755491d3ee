"""Rules: the firm's arithmetic as plain Python.

Pure functions over frozen values: no Django, no clock, no database, no floats. The same input gives
the same output for ever, so every figure that a client or a technician sees can be worked out again.

`money`, `hours` and `calendars` are the ground; `packs` and `ledger` keep prepaid hours; `rating` turns
approved work into drawdowns and prices; `lines` turns prices into invoice lines and taxes. The prose and
the worked examples are in docs/rules, and the tests take their figures from there.
"""
