"""REST for programs: read-only for now, with a token per person and OpenAPI."""
