"""The guarded process without its guard, so that a receiver on this machine is reached."""

from __future__ import annotations

from ecuanime.notices.notifiers.apprise import child

if __name__ == "__main__":
    child.is_public = lambda _address: True  # type: ignore[assignment]
    print(child.main())  # noqa: T201  # the answer to whoever started it
