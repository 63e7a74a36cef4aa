"""Why an action must not happen. Asked when it is planned, shown and applied; the answer is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from seawall.errors import InputError
from seawall.model.action import Action
from seawall.model.site import Site
from seawall.people.book import Book
from seawall.response.actions import kind_of
from seawall.response.addresses import literals
from seawall.response.holds import Hold
from seawall.response.plans import Plan
from seawall.response.safelist import Safelist
from seawall.response.steps import Stand, Step, stands
from seawall.response.targets import Targets

BLOCKING = frozenset({"nft", "bgp"})


@dataclass(frozen=True)
class Guard:
    """Everything that may forbid an action."""

    site: Site
    targets: Targets
    safelist: Safelist
    holds: tuple[Hold, ...] = ()
    stopped: Path | None = None  # the kill switch's mark, if it lies there

    def written_wrong(self, action: Action) -> Iterator[str]:
        """What is wrong with the text of an action, whoever approves it."""
        kind = kind_of(action.kind)
        try:
            again = kind.written(action.values, action.lasts_s)
        except InputError as error:
            yield error.what
            return
        if (again.do, again.undo, action.lasting) != (action.do, action.undo, kind.lasting):
            yield "its text is not what its values are written as: somebody changed it"
        if kind.lasting == "block" and not 0 < action.lasts_s <= self.targets.limits.longest_h * 3_600:
            yield f"a block stays at most {self.targets.limits.longest_h:g} h here"
        if kind.lasting != "ask":
            yield from self._protected(action)
        yield from self._accounts(action)

    def _protected(self, action: Action) -> Iterator[str]:
        """Protected addresses in the rendered text; the guarded side of a flow rule is asked its own question."""
        kind = kind_of(action.kind)
        text, guarded = action.do, action.values.get("guarded", "") if kind.name == "flowspec" else ""
        if guarded:
            for wanted in literals(guarded):
                if why := self.safelist.hit_guarded(wanted):
                    yield why
                text = text.replace(f" {wanted};", " ;")
            text += f" {action.values['address']} "  # should both sides be the same, it is still what is cut off
        if kind.door in BLOCKING:
            text = text.replace(f"next-hop {action.values.get('next_hop', 'self')}", "")
            yield from self.safelist.refusals(text)
        elif kind.door == "router":
            if kind.name == "restore_aaa":  # a named server's address stands in the line seen, not in the change
                text += f" {action.values['line']} "
            for wanted in literals(text):
                if kept := self.safelist.hit(wanted):
                    yield f"{wanted} touches {kept.network} ({kept.why})"
        bgp = next((b for b in self.targets.bgp if b.name == action.target), None)
        if bgp is not None and bgp.customers and not guarded and not self.targets.legal_basis:
            yield "it would block customers' traffic, and response.toml names no legal_basis for that"

    def _accounts(self, action: Action) -> Iterator[str]:
        account = action.values.get("account", "")
        if account and account.casefold() in {a.casefold() for a in self.targets.break_glass}:
            yield f"{account} is a break-glass account"
        group = self.targets.group(action.target, self.site)
        if account and group is not None and account.casefold() == group.username.casefold():
            yield f"{account} is the account that changes are made with there"

    def _named(self, action: Action) -> set[str]:
        """What an action names, and every name and address of a device among it: a hold may call it by any."""
        named = {action.target, *action.values.values()}
        names = {self.site.device_names.get(name.lower(), "") for name in named}
        for device in self.site.devices:
            if device.name in names:
                named |= {device.name, *device.aliases, *device.addresses}
        return named

    def is_stopped(self) -> bool:
        """Whether the kill switch was pulled."""
        return self.stopped is not None and self.stopped.exists()

    def forbidden(self, action: Action, plan: Plan, book: Book, now: datetime) -> list[str]:
        """Why an action may not be applied now, signatures apart."""
        why = list(self.written_wrong(action))
        if self.is_stopped():
            why.append("the kill switch was pulled; see: seawall respond resume")
        if plan.exercise:
            why.append("its incident is a drill, and drills never act")
        named = self._named(action)
        why += [f"held: {hold.why_text}" for hold in self.holds if hold.covers(plan.incident, named)]
        if kind_of(action.kind).door == "router" and (freeze := self.targets.frozen(action.target, now)):
            why.append(f"{action.target} is frozen until {freeze.end:%Y-%m-%d %H:%M} UTC {freeze.why}".rstrip())
        return [*why, *self._beyond(action, plan, stands(book), now)]

    def _beyond(self, action: Action, plan: Plan, known: Mapping[str, Stand], now: datetime) -> Iterator[str]:
        limits, mine = self.targets.limits, action.incident or plan.incident
        done = (Step.FAILED, Step.HANDED)
        recent = [
            s for s in known.values() if s.applied and s.applied > now - timedelta(hours=1) and s.step not in done
        ]
        if len(recent) >= limits.per_hour:
            yield f"{len(recent)} actions were applied within an hour; the limit is {limits.per_hour}"
        standing = [s for s in known.values() if s.stands and s.action != action.id]
        if mine and sum(1 for s in standing if s.incident == mine) >= limits.per_incident:
            yield f"{limits.per_incident} actions stand for this incident already, which is the limit"
        if action.lasting == "block" and sum(1 for s in standing if s.expires) >= limits.blocks:
            yield f"{limits.blocks} blocks stand already, which is the limit"
