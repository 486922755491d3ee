"""The daily cut: review, decisions, what is sent to clients."""
