"""Model cards: every model and rule that decides has one, it is whole, and its figures are those of fidelity.md."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from holdspace.assist.model_cards import (
    ATTRIBUTES,
    NOT_CARDS,
    BadCard,
    Card,
    cards,
    read_card,
    read_figures,
    weights_of,
)
from holdspace.assist.queries import used_names
from holdspace.assist.rules import SWITCHES
from holdspace.weights.catalogue import catalogue
from tests.cast import Cast
from tests.walls.tree import ROOT, SOURCE

FOLDER = SOURCE / "assist" / "cards"
FIDELITY = (ROOT / "docs" / "explanation" / "fidelity.md").read_text(encoding="utf-8")
RULES_THAT_DECIDE = {"drafting-rules", "who-spoke", "voice-profile", "language-check"}


def without_a_card(names: Sequence[str], known: Sequence[Card]) -> list[str]:
    """Models nobody could look up."""
    return [name for name in names if name not in {card.name for card in known}]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown text, each a list of rows of cells; bold marks fall away."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if not line.startswith("|"):
            found.append([])
            continue
        cells = [cell.strip().replace("**", "") for cell in line.strip("|").split("|")]
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            found[-1].append(cells)
    return [table for table in found if table]


def is_said(figure: dict[str, Any], text: str) -> bool:
    """Whether the page says the figure where the data say it stands, in the cell or in the sentence."""
    if "words" in figure:
        return figure["words"] in text and str(figure["value"]) in figure["words"]
    for heading, *rows in tables(text):
        if figure["column"] in heading:
            at = heading.index(figure["column"])
            for row in rows:
                if row[: len(figure["row"])] == figure["row"]:
                    return bool(re.match(rf"{re.escape(figure['value'])}(?![\w.])", row[at]))
    return False


def kept_figures() -> list[dict[str, Any]]:
    """The figures as the data file has them."""
    return list(tomllib.loads((FOLDER / "figures.toml").read_text(encoding="utf-8"))["figure"])


def test_every_model_of_the_catalogue_and_every_rule_that_decides_has_its_card() -> None:
    assert without_a_card([entry.name for entry in catalogue()], cards()) == []
    assert without_a_card(sorted(RULES_THAT_DECIDE), cards()) == []
    assert without_a_card(["a-model-nobody-described"], cards()) == ["a-model-nobody-described"]


@pytest.mark.django_db
def test_whatever_the_pages_use_has_its_card(cast: Cast) -> None:
    assert without_a_card(sorted(used_names(cast.maya)), cards()) == []


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.name)
def test_a_card_is_whole(card: Card) -> None:
    assert len(card.attributes) == sum(map(len, ATTRIBUTES.values())) == 31
    assert card.failures
    assert all(len(failure) > 20 for failure in card.failures)
    assert date(2026, 1, 1) <= card.changed <= date.today()  # noqa: DTZ011  a day does not matter here
    assert card.switch in SWITCHES
    assert re.fullmatch(r"[0-9a-f]{64}", card.sha256)
    entry = weights_of(card.name)
    if entry is not None:
        assert (card.sha256, card.licence) == (entry.sha256, entry.licence)


def test_there_is_a_file_for_each_card_and_a_card_for_each_file() -> None:
    names = {path.stem for path in FOLDER.glob("*.toml")} - {name.removesuffix(".toml") for name in NOT_CARDS}
    assert names == {card.name for card in cards()}


@pytest.mark.parametrize("figure", kept_figures(), ids=lambda figure: str(figure["id"]))
def test_a_figure_is_the_one_in_fidelity(figure: dict[str, Any]) -> None:
    assert is_said(figure, FIDELITY)


def test_every_figure_is_on_a_card() -> None:
    shown = {figure.id for card in cards() for figure in card.figures}
    assert shown == {figure["id"] for figure in kept_figures()}


def test_the_wall_sees_a_figure_that_is_not_what_the_page_says() -> None:
    page = "| measure | unseen |\n|---|---|\n| facts | **0.62** of 1 |\n| leaks | 0 |\n\nOf 65 it was asked, 14 came."
    cell = {"id": "x", "value": "0.62", "row": ["facts"], "column": "unseen"}
    assert is_said(cell, page)
    for wrong in ({"value": "0.6"}, {"value": "0.63"}, {"row": ["fact"]}, {"column": "seen"}):
        assert not is_said({**cell, **wrong}, page)
    assert is_said({"value": "14", "words": "14 came"}, page)
    assert not is_said({"value": "15", "words": "14 came"}, page)
    assert not is_said({"value": "15", "words": "15 came"}, page)


GOOD = tomllib.loads((FOLDER / "drafting-rules.toml").read_text(encoding="utf-8"))
COMMON = tomllib.loads(files("holdspace.assist.cards").joinpath("common.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "change",
    [
        {"failures": None},
        {"licence": None},
        {"switch": "everything"},
        {"figures": ["critical-unseen", "made-up"]},
        {"code": ["engines/nowhere"]},
        {"code": None},
        {"attributes": {"use": "x", "output": "y"}},
        {"attributes": {**GOOD["attributes"], "mood": "measured"}},
        {"attributes": {**GOOD["attributes"], "risks": " "}},
    ],
)
def test_the_wall_lets_a_good_card_pass_and_stops_a_bad_one(change: dict[str, Any]) -> None:
    figures = read_figures(tomllib.loads((FOLDER / "figures.toml").read_text(encoding="utf-8")))
    assert read_card(GOOD, COMMON, figures).name == "drafting-rules"
    bad = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(BadCard):
        read_card(bad, COMMON, figures)
