"""Three tickets of one subject: chosen in the list, merged into one of them, and taken apart again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.tickets.models import Ticket
from tests.browser.axe import needs_axe, violations
from tests.browser.house import House
from tests.browser.visitor import visiting
from tests.factories.tickets import make_ticket


@needs_axe
def test_several_are_merged_and_taken_apart_again(house: House, chromium: Any) -> None:
    lead = Contact.objects.filter(is_project_lead=True, user__isnull=False).earliest("pk")
    technician = User.objects.get(roles=[Role.TECHNICIAN])
    subjects = ("No imprime", "Sigue sin imprimir", "La impresora otra vez")
    tickets = [make_ticket(contact=lead, subject=each, assignee=technician) for each in subjects]
    into = tickets[1]
    with visiting(house, chromium, user=technician) as visitor:
        page = visitor.open("/bandeja/para-mi/")
        for ticket in tickets:
            page.check(f"input[name=ticket][value='{ticket.number}']")
        page.click("button[name=merge]")
        page.check(f"#en{into.number}")
        page.get_by_role("button", name="See what would happen").click()
        page.wait_for_url(f"**&en={into.number}")
        assert not violations(page)
        page.get_by_role("button", name=f"Merge 2 tickets into #{into.number}").click()
        page.wait_for_url(f"**/tickets/{into.number}/**")
        others = [each.number for each in tickets if each != into]
        for number in others:
            expect(page.locator("#hilo")).to_contain_text(f"#{number}")
        assert set(_into(others)) == {into.number}
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(page.locator("#toasts")).to_be_visible()
        assert _into(others) == [None, None]
        visitor.open(f"/tickets/{others[0]}/")
        expect(page.locator("[data-composer]")).to_be_visible()


def _into(numbers: list[int]) -> list[int | None]:
    rows = Ticket.objects.filter(number__in=numbers).order_by("number")
    return list(rows.values_list("merged_into__number", flat=True))
