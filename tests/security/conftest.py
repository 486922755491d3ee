"""The worlds that other tests walk, here too."""

from tests.api.conftest import made_world, world, write
from tests.web.conftest import walker

__all__ = ["made_world", "walker", "world", "write"]
