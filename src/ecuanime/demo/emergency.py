"""The emergencies of the demo: one that is over, told in its report, and one in the middle of which the firm is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ecuanime.clients.actions import add_section
from ecuanime.clients.models import Contact
from ecuanime.contracts.actions import create_plan, draft_version, publish_version
from ecuanime.contracts.drafts import RateRow
from ecuanime.contracts.models import Plan
from ecuanime.contracts.offers import hash_of
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.demo.customers import DEMAND
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.world import World
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Estimate, Found
from ecuanime.emergencies.models import Critical, Emergency, ExpressService, Finding, Question
from ecuanime.emergencies.paper import text_for
from ecuanime.worklog.actions import record_time

SERVERS = 2
"""The product area of both cases, by its place in the cast."""

ON_ALERT = ("teo", "nuria")
OFFERED, OVER = 200, 6
"""Days ago that emergencies were first offered, and that the one began that is over."""

RUNS = timedelta(minutes=70)
"""How long ago the one that runs was declared."""

PRICE = Decimal("75.00")
"""Of an hour of normalisation, in euro."""


@dataclass
class Emergencies:
    """Puts on the agenda how emergencies came to be offered, and the two cases."""

    world: World
    over: Emergency | None = None
    running: Emergency | None = None

    def plan(self) -> None:
        """The offer, the case that is over, and the one that runs."""
        agenda, staff = self.world.agenda, self.world.staff
        agenda.add(self._day(OFFERED, 12), self._offer, staff["adela"])
        begun = self._day(OVER, 17, 40)
        agenda.add(begun, self._declare_over)
        agenda.add(begun + timedelta(minutes=80), self._normal_over, staff["teo"])
        agenda.add(self._day(OVER - 1, 19, 50), self._close_over, staff["teo"])
        agenda.add(self.world.now - RUNS, self._declare_running)
        agenda.add(self.world.now - timedelta(minutes=12), self._go_on_running, staff["teo"])

    def _day(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        return local((self.world.now - DAY * days_ago).astimezone(ZONE).date(), hour, minute)

    def _offer(self, at: datetime) -> None:
        staff = self.world.staff
        plan = create_plan(code="express", kind=TEMPLATES[DEMAND].kind, now=at)
        draft = replace(
            TEMPLATES[DEMAND].draft,
            name_es="Urgencia Express",
            name_en="Express emergency",
            rates=(RateRow(price_per_hour=PRICE),),
        )
        publish_version(version=draft_version(plan=plan, draft=draft, now=at), by=staff["lucia"], now=at)
        service = ExpressService(
            is_offered=True,
            takes_strangers=True,
            express_plan=plan,
            on_demand_plan=Plan.objects.get(code=DEMAND),
            guarantee_hours=2,
        )
        actions.set_service(service=service, by=staff["adela"], now=at)
        people = [staff[name] for name in ON_ALERT]
        actions.set_alert_list(area=self.world.areas[SERVERS], people=people, by=staff["adela"], now=at)

    def _declare_over(self, at: datetime) -> None:
        """From the declaration to work that has begun, in half an hour."""
        contact = self._lead(0)
        self.over = actions.declare_in_portal(
            contact=contact,
            declared=Declared(
                area=self.world.areas[SERVERS],
                facts="El servidor de bodega no arranca tras un corte de luz. Se queda en una pantalla negra.",
                since="Desde las cinco y media",
                critical="Mañana a las siete cargan dos camiones y los albaranes están ahí.",
                desired="Se puede entrar en la gestión e imprimir albaranes.",
                available="Elvira, en la bodega hasta las nueve",
            ),
            now=at,
        )
        estimate = Estimate(
            certainty=80,
            risk="Si el disco está dañado se pierde lo escrito hoy.",
            lasts_minutes=240,
            normalise_minutes=90,
            mitigate_minutes=120,
            guarantee_hours=2,
            is_counted=True,
        )
        self._start(self.over, contact, estimate, at)
        actions.add_critical(
            emergency=self.over,
            kind=Critical.Kind.RESULT,
            text="Se imprime un albarán desde el muelle",
            who="Elvira",
            by=self.world.staff["teo"],
            now=at + timedelta(minutes=30),
        )

    def _start(self, case: Emergency, contact: Contact, estimate: Estimate, at: datetime) -> None:
        """An expert answers within the hour, the client accepts, and work begins without waiting for the guarantee."""
        expert = self.world.staff["teo"]
        actions.take_on(emergency=case, by=expert, now=at + timedelta(minutes=3))
        found: dict[str, Found] = {
            Question.ACCESS: Found(Finding.YES, "Consola remota probada"),
            Question.BACKUPS: Found(Finding.YES, "La de anoche, completa"),
        }
        answered = at + timedelta(minutes=14)
        actions.say_viable(emergency=case, estimate=estimate, by=expert, checks=found, now=answered)
        accepted = at + timedelta(minutes=21)
        case.refresh_from_db()
        read = hash_of(text_for(case, actions.latest_answer(case), now=accepted, chosen=None))
        actions.accept(
            emergency=case, contact=contact, text_sha256=read, address="198.51.100.24", now=accepted
        )
        actions.waive_guarantee(
            emergency=case,
            reason="Cliente de años que siempre ha pagado",
            by=expert,
            now=at + timedelta(minutes=24),
        )

    def _normal_over(self, at: datetime) -> None:
        if self.over is None:
            return
        expert = self.world.staff["teo"]
        self._work(self.over, at - timedelta(minutes=55), at, "Arranque desde la copia y disco comprobado")
        for each in self.over.criticals.all():
            actions.mark_critical(
                critical=each, state=Critical.State.DONE, said="Albarán 2214 impreso", by=expert, now=at
            )
        actions.declare_normal(
            emergency=self.over, evidence="Albarán 2214 impreso desde el muelle.", by=expert, now=at
        )
        actions.acknowledge_normal(
            emergency=self.over, contact=self.over.contact, now=at + timedelta(minutes=6)
        )

    def _close_over(self, at: datetime) -> None:
        """The next day: the cause is mended, the dossier says so, and the report goes out."""
        if self.over is None:
            return
        expert = self.world.staff["teo"]
        self._work(
            self.over, at - timedelta(minutes=100), at, "SAI configurado para apagar el servidor a tiempo"
        )
        add_section(
            client=self.over.client,
            title="Servidor de bodega",
            text="El SAI apaga el servidor con un 20 % de carga. Arranque desde copia probado.",
            is_shown=True,
            by=expert,
            now=at,
        )
        report = actions.make_report(emergency=self.over, by=expert, now=at)
        actions.send_report(report=report, by=expert, now=at)
        actions.close(emergency=self.over, by=expert, now=at)

    def _declare_running(self, at: datetime) -> None:
        contact = self._lead(1)
        self.running = actions.declare_in_portal(
            contact=contact,
            declared=Declared(
                area=self.world.areas[SERVERS],
                facts="Nadie puede abrir los ficheros de la unidad compartida: aparecen con otra extensión.",
                since="Esta mañana",
                critical="Los pedidos que salen hoy.",
                desired="Se abren los pedidos de hoy.",
                available="En la oficina, todo el día",
            ),
            now=at,
        )
        estimate = Estimate(
            certainty=60,
            risk="Puede que lo de hoy no esté en la copia.",
            lasts_minutes=480,
            normalise_minutes=180,
            mitigate_minutes=240,
            guarantee_hours=2,
        )
        self._start(self.running, contact, estimate, at)

    def _go_on_running(self, at: datetime) -> None:
        if self.running is None:
            return
        expert = self.world.staff["teo"]
        for kind, text in (
            (Critical.Kind.ACTION, "Equipos infectados fuera de la red"),
            (Critical.Kind.ACTION, "Copia de anoche restaurada en una unidad limpia"),
            (Critical.Kind.RESULT, "Los pedidos de hoy se abren"),
        ):
            actions.add_critical(emergency=self.running, kind=kind, text=text, by=expert, now=at)
        first = self.running.criticals.order_by("pk")[0]
        actions.mark_critical(
            critical=first, state=Critical.State.DONE, said="Dos equipos apartados", by=expert, now=at
        )
        actions.send_news(
            emergency=self.running,
            text="Hemos apartado los dos equipos afectados y empezamos a restaurar la copia de anoche.",
            by=expert,
            now=at,
        )

    def _work(self, case: Emergency, begun: datetime, ended: datetime, note: str) -> None:
        record_time(
            user=self.world.staff["teo"],
            ticket=case.ticket,
            work_type=self.world.work_types["remote"],
            started_at=begun,
            ended_at=ended,
            note=note,
            now=ended,
        )

    def _lead(self, place: int) -> Contact:
        """Who answers for a client, of those that have somebody who does."""
        leads = (self.world.lead_of(client.pk) for client in self.world.clients)
        return [found[0] for found in leads if found][place]
