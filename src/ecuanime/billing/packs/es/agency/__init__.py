"""The tax agency's service for invoice records (Orden HAC/1177/2024, arts. 16 and 17; its SistemaFacturacion.wsdl).

What is asked and answered, in SOAP 1.1, is built and read here without database or clock; `client` alone speaks to the
network. What is due, sent and answered is kept by the room.
"""
