"""Having CFDIs stamped by a PAC (proveedor autorizado de certificación): one interface, and who speaks it.

What is asked and answered is built and read in the module of each PAC, without database or clock; `reaching` alone
speaks to the network. What is due, tried and answered is kept by the room.
"""
