"""Clients, their people, domains and sites."""
