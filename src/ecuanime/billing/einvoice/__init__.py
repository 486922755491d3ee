"""The invoice as a machine reads it: EN 16931 as CII and UBL, the hybrid PDF, and Facturae.

One tree of frozen values (`values`) is made of an invoice and written in each syntax. `faults` says beforehand what
a standard cannot carry, so that nothing is written that a receiver would reject. Received files are read in `reading`.
"""
