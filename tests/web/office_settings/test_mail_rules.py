"""The screen of the rules for incoming mail."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from ecuanime.accounts.models import Role
from ecuanime.channels.models import MailRule
from ecuanime.tickets.models import Queue, Tag
from tests.factories import make_client, make_firm, make_mailbox, make_person

pytestmark = pytest.mark.django_db
LIST = "settings_mail_rules"
GIVEN = {
    "name": "Copias",
    "position": "0",
    "is_active": "on",
    "senders": "@Monitor.example",
    "machines": "only",
}


@pytest.fixture
def browser(client: Browser) -> Browser:
    """An administrator's."""
    make_firm()
    make_mailbox()
    client.force_login(make_person(Role.ADMINISTRATOR))
    return client


def test_a_rule_is_written_changed_and_taken_away(browser: Browser) -> None:
    customer, queue = make_client(), Queue.objects.create(name="Alta")
    written = browser.post(
        reverse(LIST),
        GIVEN
        | {"priority": "4", "tags": "aviso, Copias", "client": customer.code.lower(), "queue": queue.pk},
    )
    assert written.status_code == 302
    rule = MailRule.objects.get()
    assert (rule.senders, rule.machines, rule.priority, rule.client, rule.queue) == (
        "@monitor.example",
        "only",
        4,
        customer,
        queue,
    )
    assert set(rule.tags.values_list("name", flat=True)) == {"aviso", "Copias"}
    page = browser.get(reverse("settings_mail_rule", args=[rule.pk]))
    assert page.context["form"].initial["tags"] == "aviso, Copias"
    browser.post(reverse("settings_mail_rule", args=[rule.pk]), GIVEN | {"name": "Otra", "sets_aside": "on"})
    rule.refresh_from_db()
    assert (rule.name, rule.priority, rule.client, rule.sets_aside) == ("Otra", None, None, True)
    browser.post(reverse("settings_drop_mail_rule", args=[rule.pk]))
    assert not MailRule.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"priority": "4", "senders": "monitor"}, {"priority": "4", "client": "nadie"}, {"tags": "x" * 41}],
)
def test_a_rule_that_gives_nothing_or_makes_no_sense_is_refused(
    browser: Browser, wrong: dict[str, str]
) -> None:
    assert browser.post(reverse(LIST), GIVEN | wrong).status_code == 422
    assert not MailRule.objects.exists()
    assert not Tag.objects.exists()


def test_the_list_asks_the_same_of_one_rule_and_of_three(
    browser: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for number in (1, 2):
        for each in range(number):
            rule = MailRule.objects.create(
                name=f"r{number}{each}",
                priority=4,
                client=make_client(),
                queue=Queue.objects.create(name=f"c{number}{each}"),
            )
            rule.tags.add(Tag.objects.create(name=f"t{number}{each}"))
        with django_assert_num_queries(100, exact=False) as asked:
            browser.get(reverse(LIST))
        counts.append(len(asked))
    assert counts[0] == counts[1]
