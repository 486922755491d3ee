"""The technician's screens: inbox, ticket, timer, my day."""
