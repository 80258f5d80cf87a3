"""The states' laws as dated data (states.toml). Where a row is not sure, the strictest rule stands in its place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from holdspace.consent.rules import ADULT

RULE_ALL = "all"


@dataclass(frozen=True, slots=True)
class State:
    """What one state's law adds to a document. An empty law is one we are not sure of."""

    code: str
    name: str
    recording_rule: str = ""
    recording_law: str = ""
    ai_law: str = ""
    ai_says: str = ""
    minor_law: str = ""
    assent_from: int = 0
    alone_from: int = ADULT
    """From which age a young person may get care for alcohol or drug use alone; 18 where a guardian is asked too."""
    substance_law: str = ""
    telehealth_law: str = ""

    def says(self, topic: str) -> str:
        """The sentence about a topic (`recording`, `ai`, `telehealth`) for the document."""
        return {"recording": self._recording(), "ai": self.ai_says, "telehealth": self._telehealth()}[topic]

    @property
    def on_young_people(self) -> str:
        """What the law says of who may say yes to a young person's care for alcohol or drug use."""
        if not self.substance_law:
            return f"We are not sure what the law of {self.name} asks for. So we go by the strictest rule."
        if self.alone_from >= ADULT:
            return f"{self.name} asks for a parent or guardian’s yes to this care ({self.substance_law})."
        age = f"from the age of {self.alone_from}" if self.alone_from else "at any age"
        return f"{self.name} lets a young person get this care on their own {age} ({self.substance_law})."

    def _recording(self) -> str:
        if not self.recording_law:
            return (
                f"We are not sure what the law of {self.name} asks for. So we go by the strictest rule: "
                "each person is asked, in writing."
            )
        if self.recording_rule == RULE_ALL:
            return (
                f"{self.name} asks for the yes of each person before talk is recorded ({self.recording_law})."
            )
        return (
            f"{self.name} asks for the yes of one person before talk is recorded ({self.recording_law}). "
            "We ask each person all the same."
        )

    def _telehealth(self) -> str:
        if not self.telehealth_law:
            return "We ask you in writing, whether or not the law of your state asks for it."
        return f"{self.name} asks for your yes to care by video or phone ({self.telehealth_law}). You give it here."


@cache
def states() -> Mapping[str, State]:
    """Every jurisdiction by its code."""
    told = _told()
    return {row["code"]: _state(row, told["strictest"]["minor_age"]) for row in told["states"]}


def state_of(code: str) -> State:
    """The state of that code; for a client whose state nobody entered, one of which nothing is known."""
    return states().get(code) or State("", "your state", assent_from=_told()["strictest"]["minor_age"])


def _state(row: dict[str, Any], strictest_age: int) -> State:
    return State(
        code=row["code"],
        name=row["name"],
        recording_rule=row["recording"].get("rule", ""),
        recording_law=row["recording"].get("law", ""),
        ai_law=row["ai"].get("law", ""),
        ai_says=row["ai"].get("says", ""),
        minor_law=row["minors"].get("law", ""),
        assent_from=row["minors"].get("age", strictest_age),
        alone_from=row["substance"].get("alone_from", ADULT),
        substance_law=row["substance"].get("law", ""),
        telehealth_law=row["telehealth"].get("law", ""),
    )


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("holdspace.consent").joinpath("states.toml").read_text(encoding="utf-8"))
