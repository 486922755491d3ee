"""The bars that lead through the product, and an entry of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NavItem:
    """Where it leads and what it shows; `count` stands in a pip that `count_label` explains, a `hot` one is urgent."""

    url: str
    icon: str
    label: str
    key: str = ""
    current: bool = False
    count: str = ""
    count_label: str = ""
    hot: bool = False


@dataclass(frozen=True)
class TabBar:
    """The bar at the foot of a phone: what has no room in its one row waits in a menu at its end."""

    shown: tuple[NavItem, ...]
    more: tuple[NavItem, ...] = ()

    @property
    def more_is_current(self) -> bool:
        """Whether the page is one of those in the menu."""
        return any(item.current for item in self.more)
