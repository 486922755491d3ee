"""How people are told: one folder per kind, each with a `notifier` that the registry lists."""
