"""Sign-in providers from the environment: what is set wrongly stops the start with one line."""

from __future__ import annotations

import pytest

from ecuanime.foundation.environment import ConfigurationError
from ecuanime.foundation.sign_in_providers import configured_providers, internal_origins


@pytest.fixture(autouse=True)
def _one_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_OIDC_PROVIDERS", "casa")
    monkeypatch.setenv("ECUANIME_OIDC_CASA_ISSUER", "https://id.example/realms/casa")
    monkeypatch.setenv("ECUANIME_OIDC_CASA_CLIENT_ID", "ecuanime")
    monkeypatch.setenv("ECUANIME_OIDC_CASA_CLIENT_SECRET", "hush")


def test_a_provider_is_read_and_its_secret_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_OIDC_CASA_DOMAINS", "Nodo.example, otro.example")
    (found,) = configured_providers()
    assert (found.key, found.name, found.client_secret) == ("casa", "Casa", "hush")
    assert not found.does_second_factor
    assert found.may_vouch_for("ana@NODO.example")
    assert not found.may_vouch_for("ana@nodo.example.evil.example")
    assert "hush" not in repr(found)


def test_without_any_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECUANIME_OIDC_PROVIDERS")
    assert configured_providers() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ECUANIME_OIDC_PROVIDERS", "Casa"),
        ("ECUANIME_OIDC_PROVIDERS", "casa,casa"),
        ("ECUANIME_OIDC_CASA_ISSUER", ""),
        ("ECUANIME_OIDC_CASA_ISSUER", "id.example"),
        ("ECUANIME_OIDC_CASA_ISSUER", "http://id.example"),
        ("ECUANIME_OIDC_CASA_ISSUER", "https://id.example/?a=1"),
        ("ECUANIME_OIDC_CASA_CLIENT_ID", ""),
        ("ECUANIME_OIDC_CASA_SECOND_FACTOR", "perhaps"),
        ("ECUANIME_OIDC_INTERNAL", "id.intranet"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError):
        configured_providers(), internal_origins()


def test_without_encryption_only_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_OIDC_CASA_ISSUER", "http://id.intranet:9000")
    with pytest.raises(ConfigurationError):
        configured_providers()
    monkeypatch.setenv("ECUANIME_OIDC_INTERNAL", "http://id.intranet:9000, https://id.intranet")
    assert configured_providers()[0].issuer == "http://id.intranet:9000"
    assert internal_origins() == {"http://id.intranet:9000", "https://id.intranet:443"}
