"""Accounts made, changed and closed."""

import threading

import pytest
from django.db import connection

from ecuanime.accounts.actions import (
    change_email,
    change_roles,
    create_account,
    deactivate,
    issue_api_token,
    reactivate,
    update_profile,
    use_api_token,
)
from ecuanime.accounts.models import Role, User
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from tests.factories import NOW, make_contact, make_person


@pytest.mark.django_db
def test_an_account_keeps_its_address_in_lower_case_and_its_roles_in_order() -> None:
    user = create_account(
        email=" Ana@Nodo.Example ",
        name=" Ana ",
        roles=["technician", "supervisor"],
        password="una clave larga",
        now=NOW,
    )
    assert (user.email, user.name, user.roles) == ("ana@nodo.example", "Ana", ["supervisor", "technician"])
    assert user.check_password("una clave larga")
    assert AuditEntry.objects.filter(verb="account_created", object_id=str(user.pk)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"email": "no es correo"}, "bad_email"),
        ({"email": "TAKEN@nodo.example"}, "email_taken"),
        ({"roles": ["emperor"]}, "unknown_role"),
        ({"password": "1234567890"}, "weak_password"),
        ({"password": "corta"}, "weak_password"),
    ],
)
def test_an_account_is_refused_and_nothing_is_made(wrong: dict[str, object], code: str) -> None:
    create_account(email="taken@nodo.example", name="Otra", now=NOW)
    given = {"email": "ana@nodo.example", "name": "Ana", "password": "una clave larga"} | wrong
    with pytest.raises(Refused) as refusal:
        create_account(now=NOW, **given)  # type: ignore[arg-type]  # wrong on purpose
    assert refusal.value.code == code
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_last_administrator_keeps_the_role_and_the_account() -> None:
    only = make_person(Role.ADMINISTRATOR)
    closed = make_person(Role.ADMINISTRATOR, is_active=False)
    for act in (
        lambda: change_roles(user=only, roles=["technician"], now=NOW),
        lambda: deactivate(user=only, now=NOW),
    ):
        with pytest.raises(Refused, match="last_administrator") as refusal:
            raise_code(act)
        assert refusal.value.code == "last_administrator"
    only.refresh_from_db()
    assert only.is_active
    assert only.roles == [Role.ADMINISTRATOR]
    reactivate(user=closed, now=NOW)
    assert not deactivate(user=only, now=NOW).is_active


def raise_code(act: object) -> None:
    """Call `act`; a refusal is raised again under its code alone."""
    try:
        act()  # type: ignore[operator]  # a function without arguments
    except Refused as refusal:
        raise Refused(refusal.code, refusal.code) from refusal


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_at_once_leave_one() -> None:
    first, second = make_person(Role.ADMINISTRATOR), make_person(Role.ADMINISTRATOR)
    gate, refused = threading.Barrier(2), []

    def close(user: User) -> None:
        gate.wait()
        try:
            deactivate(user=user, now=NOW)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=close, args=[user]) for user in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_administrator"]
    assert User.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db
def test_roles_are_for_people_of_the_firm_and_never_none() -> None:
    person, contact = make_person(), make_contact(signs_in=True)
    assert contact.user
    for user, roles, code in ((contact.user, ["technician"], "not_of_firm"), (person, [], "no_role")):
        with pytest.raises(Refused) as refusal:
            change_roles(user=user, roles=roles, now=NOW)
        assert refusal.value.code == code
    contact.user.refresh_from_db()
    person.refresh_from_db()
    assert (contact.user.roles, person.roles) == ([], [Role.TECHNICIAN])
    assert change_roles(user=person, roles=["billing"], now=NOW).roles == [Role.BILLING]


@pytest.mark.django_db
def test_closing_an_account_ends_its_tokens() -> None:
    person = make_person()
    _, secret = issue_api_token(user=person, name="informes", now=NOW)
    used = use_api_token(secret=secret, now=NOW)
    assert used
    assert used.user == person
    deactivate(user=person, now=NOW)
    assert use_api_token(secret=secret, now=NOW) is None
    reactivate(user=person, now=NOW)
    assert use_api_token(secret=secret, now=NOW) is None


@pytest.mark.django_db
def test_an_address_moves_unless_it_is_somebody_elses() -> None:
    person, other = make_person(), make_person()
    with pytest.raises(Refused) as refusal:
        change_email(user=person, email=other.email.upper(), now=NOW)
    assert refusal.value.code == "email_taken"
    assert change_email(user=person, email="Nueva@nodo.example", now=NOW).email == "nueva@nodo.example"


@pytest.mark.django_db
def test_a_phone_number_is_one_that_can_be_dialled_and_only_of_the_firm() -> None:
    person, outsider = make_person(name="Ana"), make_contact(signs_in=True).user
    assert outsider

    def keep(user: User, phone: str | None) -> User:
        return update_profile(user=user, name="Ana", language="en", time_zone="", phone=phone, now=NOW)

    assert keep(person, " +34 600  123-456 ").phone == "+34 600 123-456"
    assert (keep(person, None).phone, person.dialled) == ("+34 600 123-456", "")
    for user, phone, code in (
        (person, "llámame", "bad_phone"),
        (person, "12345", "bad_phone"),
        (person, "1234567890123456", "bad_phone"),
        (person, "600 123 456 <b>", "bad_phone"),
        (outsider, "600 123 456", "not_of_firm"),
    ):
        with pytest.raises(Refused) as refusal:
            keep(user, phone)
        assert refusal.value.code == code
    person.refresh_from_db()
    assert (person.phone, person.dialled) == ("+34 600 123-456", "+34600123456")
    assert keep(person, "").phone == ""


@pytest.mark.django_db
def test_a_profile_takes_only_real_time_zones() -> None:
    person = make_person(name="Ana")
    given = {"user": person, "name": "Ana B", "language": "en", "single_keys": False, "now": NOW}
    with pytest.raises(Refused) as refusal:
        update_profile(time_zone="Europe/Atlantis", **given)  # type: ignore[arg-type]  # a plain dict of arguments
    assert refusal.value.code == "unknown_time_zone"
    person.refresh_from_db()
    assert person.name == "Ana"
    changed = update_profile(time_zone="Atlantic/Canary", **given)  # type: ignore[arg-type]  # a plain dict of arguments
    assert (changed.name, changed.time_zone, changed.single_keys) == ("Ana B", "Atlantic/Canary", False)
