"""The course of an emergency: which act leads where, who may do it, what must be true and what it causes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a case stands."""

    DECLARED = "declared"
    EVALUATING = "evaluating"
    VIABLE = "viable"
    NOT_VIABLE = "not_viable"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    GUARANTEE_DUE = "guarantee_due"
    NORMALISING = "normalising"
    NORMALISED = "normalised"
    MITIGATING = "mitigating"
    CLOSED = "closed"


class Act(StrEnum):
    """What moves a case, or changes it where it stands."""

    TAKE_ON = "take_on"
    HAND_ON = "hand_on"
    SAY_VIABLE = "say_viable"
    SAY_NOT_VIABLE = "say_not_viable"
    REVISE = "revise"
    ACCEPT = "accept"
    ACCEPT_WAIVED = "accept_waived"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    PAY = "pay"
    WAIVE = "waive"
    START_ON_PROOF = "start_on_proof"
    DECLARE_NORMAL = "declare_normal"
    ACKNOWLEDGE_NORMAL = "acknowledge_normal"
    RELAPSE = "relapse"
    CLOSE = "close"
    CLOSE_IN_PART = "close_in_part"
    HAND_OVER = "hand_over"


class Party(StrEnum):
    """Who acts. The lead is the expert who answers for the case; the house is a job or another room."""

    CLIENT = "client"
    EXPERT = "expert"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    HOUSE = "house"


class Need(StrEnum):
    """What must be true before an act."""

    COMPETENT = "competent"
    FIGURES = "figures"
    ELSEWHERE = "elsewhere"
    SEEN = "seen"
    GUARANTEE_OWED = "guarantee_owed"
    GUARANTEE_WAIVED = "guarantee_waived"
    PAID = "paid"
    REASON = "reason"
    PROOF = "proof"
    EVIDENCE = "evidence"
    RESULTS = "results"
    DOSSIER = "dossier"


class Effect(StrEnum):
    """What an act causes besides the new stage."""

    ALERTS_END = "alerts_end"
    NEXT_IS_ALERTED = "next_is_alerted"
    CLOCK_STOPS = "clock_stops"
    CLIENT_TOLD = "client_told"
    TEAM_TOLD = "team_told"
    ADMINISTRATOR_TOLD = "administrator_told"
    PAPER_KEPT = "paper_kept"
    GUARANTEE_CHARGED = "guarantee_charged"
    WORK_OPENS = "work_opens"
    TIME_CUT = "time_cut"
    APPROVAL_ASKED = "approval_asked"
    EXPRESS_RATE = "express_rate"
    MITIGATION_RATE = "mitigation_rate"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the course; `to` is None where the case stays where it stands."""

    act: Act
    sources: frozenset[Stage]
    to: Stage | None
    parties: frozenset[Party]
    needs: frozenset[Need] = frozenset()
    causes: frozenset[Effect] = frozenset()

    def leads_to(self, stage: Stage) -> Stage:
        """Where it leads from a stage."""
        return stage if self.to is None else self.to


class NotAllowed(ValueError):
    """An act that the course does not know from a stage, not by that party, or not yet; `missing` says what lacks."""

    def __init__(self, act: Act, stage: Stage, missing: Collection[Need] = ()) -> None:
        super().__init__(f"{act} from {stage}")
        self.act, self.stage, self.missing = act, stage, frozenset(missing)


def _row(
    act: Act,
    sources: Collection[Stage],
    to: Stage | None,
    parties: Collection[Party],
    needs: Collection[Need] = (),
    causes: Collection[Effect] = (),
) -> Transition:
    return Transition(act, frozenset(sources), to, frozenset(parties), frozenset(needs), frozenset(causes))


_S, _P, _N, _E = Stage, Party, Need, Effect
_UNANSWERED = (_S.DECLARED, _S.EVALUATING)
_WORKED = (_S.NORMALISING, _S.NORMALISED, _S.MITIGATING)
_OPENS = (_E.WORK_OPENS, _E.EXPRESS_RATE, _E.CLIENT_TOLD, _E.TEAM_TOLD)

TRANSITIONS: tuple[Transition, ...] = (
    _row(Act.TAKE_ON, [_S.DECLARED], _S.EVALUATING, [_P.EXPERT], [_N.COMPETENT], [_E.ALERTS_END]),
    _row(Act.HAND_ON, _UNANSWERED, _S.DECLARED, [_P.EXPERT], [], [_E.NEXT_IS_ALERTED]),
    _row(
        Act.SAY_VIABLE,
        _UNANSWERED,
        _S.VIABLE,
        [_P.EXPERT],
        [_N.COMPETENT, _N.FIGURES],
        [_E.CLOCK_STOPS, _E.ALERTS_END, _E.CLIENT_TOLD],
    ),
    _row(
        Act.SAY_NOT_VIABLE,
        _UNANSWERED,
        _S.NOT_VIABLE,
        [_P.EXPERT],
        [_N.COMPETENT, _N.ELSEWHERE],
        [_E.CLOCK_STOPS, _E.ALERTS_END, _E.CLIENT_TOLD],
    ),
    _row(Act.REVISE, [_S.VIABLE, *_WORKED], None, [_P.LEAD], [_N.FIGURES, _N.REASON], [_E.CLIENT_TOLD]),
    _row(
        Act.ACCEPT,
        [_S.VIABLE],
        _S.GUARANTEE_DUE,
        [_P.CLIENT],
        [_N.SEEN, _N.GUARANTEE_OWED],
        [_E.PAPER_KEPT, _E.GUARANTEE_CHARGED, _E.TEAM_TOLD],
    ),
    _row(
        Act.ACCEPT_WAIVED,
        [_S.VIABLE],
        _S.NORMALISING,
        [_P.CLIENT],
        [_N.SEEN, _N.GUARANTEE_WAIVED],
        [_E.PAPER_KEPT, *_OPENS],
    ),
    _row(Act.DECLINE, [_S.VIABLE], _S.DECLINED, [_P.CLIENT], [_N.SEEN], [_E.TEAM_TOLD]),
    _row(
        Act.WITHDRAW,
        [*_UNANSWERED, _S.VIABLE, _S.GUARANTEE_DUE],
        _S.WITHDRAWN,
        [_P.CLIENT, _P.SUPERVISOR],
        [_N.REASON],
        [_E.ALERTS_END, _E.TEAM_TOLD],
    ),
    _row(Act.PAY, [_S.GUARANTEE_DUE], _S.NORMALISING, [_P.HOUSE], [_N.PAID], _OPENS),
    _row(
        Act.WAIVE,
        [_S.GUARANTEE_DUE],
        _S.NORMALISING,
        [_P.LEAD],
        [_N.REASON],
        [*_OPENS, _E.ADMINISTRATOR_TOLD],
    ),
    _row(
        Act.START_ON_PROOF,
        [_S.GUARANTEE_DUE],
        _S.NORMALISING,
        [_P.LEAD],
        [_N.PROOF],
        [*_OPENS, _E.ADMINISTRATOR_TOLD],
    ),
    _row(
        Act.DECLARE_NORMAL,
        [_S.NORMALISING],
        _S.NORMALISED,
        [_P.LEAD],
        [_N.EVIDENCE, _N.RESULTS],
        [_E.TIME_CUT, _E.APPROVAL_ASKED, _E.MITIGATION_RATE, _E.CLIENT_TOLD],
    ),
    _row(Act.ACKNOWLEDGE_NORMAL, [_S.NORMALISED], _S.MITIGATING, [_P.CLIENT, _P.HOUSE], [], [_E.TEAM_TOLD]),
    _row(
        Act.RELAPSE,
        [_S.NORMALISED, _S.MITIGATING],
        _S.NORMALISING,
        [_P.CLIENT, _P.LEAD],
        [_N.REASON],
        [_E.TIME_CUT, _E.EXPRESS_RATE, _E.CLIENT_TOLD, _E.TEAM_TOLD],
    ),
    _row(Act.CLOSE, [_S.MITIGATING], _S.CLOSED, [_P.LEAD], [_N.DOSSIER], [_E.CLIENT_TOLD, _E.APPROVAL_ASKED]),
    _row(
        Act.CLOSE_IN_PART,
        _WORKED,
        _S.CLOSED,
        [_P.LEAD],
        [_N.DOSSIER, _N.REASON],
        [_E.CLIENT_TOLD, _E.APPROVAL_ASKED],
    ),
    _row(
        Act.HAND_OVER,
        [_S.EVALUATING, _S.VIABLE, _S.GUARANTEE_DUE, *_WORKED],
        None,
        [_P.LEAD],
        [_N.COMPETENT, _N.REASON],
        [_E.CLIENT_TOLD, _E.TEAM_TOLD],
    ),
)

_BY_ACT = {row.act: row for row in TRANSITIONS}


def acts_in(stage: Stage, party: Party) -> tuple[Act, ...]:
    """What a party may do in a stage, in the order of the course."""
    return tuple(row.act for row in TRANSITIONS if stage in row.sources and party in row.parties)


def take(act: Act, stage: Stage, party: Party, true: Collection[Need] = ()) -> Transition:
    """The row of an act from a stage by a party, given what is true; raises NotAllowed where the course knows none."""
    row = _BY_ACT[act]
    if stage not in row.sources or party not in row.parties:
        raise NotAllowed(act, stage)
    missing = row.needs - frozenset(true)
    if missing:
        raise NotAllowed(act, stage, missing)
    return row
