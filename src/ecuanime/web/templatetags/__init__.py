"""Template tags; every template has them, since `ec` is among the builtins."""
