"""`python -m ecuanime.cli` is the `ecuanime` command."""

import sys

from ecuanime.cli import main

if __name__ == "__main__":  # the web server's processes import this module again
    sys.exit(main())
