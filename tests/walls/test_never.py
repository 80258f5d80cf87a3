"""What the program never does: read emotions, sentiment or personality, suggest a diagnosis, give a score of risk.

Illinois Public Act 104-0054 §20, and our own promise. Greps what is kept (models, columns), what is given out (the JSON
contract), what is shown (templates, papers, pages as they are rendered) and what the engines write, for such things. A
client's own words, a PHQ-9 the clinician reports, and sentences that say we never do it pass; planted examples do not.
"""

import enum
import json
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.urls import URLResolver, get_resolver

from holdspace.engines import note as vocabulary
from holdspace.engines import transcript
from holdspace.engines.drafting import mention
from tests.everything import PEOPLE, RUTHS, browser, make_everything
from tests.walls.test_addresses import ALL
from tests.walls.test_matrix import methods_of, path_to
from tests.walls.tree import ROOT, SOURCE, kept, short

NAMES = re.compile(
    r"\b(?:emotions?|emotional|sentiments?|moods?|feelings?|personality|temperament|valence|arousal|affect score"
    r"|(?:risk|suicide|suicidality|danger|violence|self harm|relapse|dropout) "
    r"(?:\w+ )?(?:scores?|levels?|ratings?|class(?:es)?|grades?|probability|likelihood|prediction)"
    r"|(?:suggest\w*|predict\w*|likely|probable|proposed|inferred|differential) (?:\w+ )?diagnos[ie]s"
    r"|diagnos[ie]s (?:\w+ )?(?:suggest\w*|predict\w*|candidates?|guess\w*)|prognosis score)\b"
)
"""Names of things kept or given out, their words apart and in small letters."""
TEXT = re.compile(
    r"\b(?:emotions?|emotional|sentiments?|moods?|personality|temperament)\b"
    r"|\b(?:risk|suicide|suicidality|danger) (?:scores?|levels?|ratings?|grades?|probability|likelihood)\b"
    r"|\b(?:score|level|rating|grade) of risk\b"
    r"|\b(?:suggest\w*|predict\w*|likely|probable|differential) (?:\w+ ){0,2}diagnos[ie]s\b"
    r"|\bdiagnos[ie]s (?:\w+ )?(?:suggest|predict|candidate)\w*",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:no|not|never|none|nor|neither|without)\b", re.IGNORECASE)
NAMED_METHODS = re.compile(r"emotionally focused", re.IGNORECASE)
"""A school of therapy: what the therapist did, not what anybody feels."""
WORDS_BEFORE = 10
"""How near before a forbidden word its denial must stand."""


def forbidden_names(names: Iterable[str]) -> list[str]:
    """Names that stand for something we never do. Words are told apart by case, underscores and slashes."""
    return [name for name in names if NAMES.search(_apart(name))]


def forbidden_text(text: str) -> list[str]:
    """Sentences that say the program does it; those that deny it pass."""
    return [sentence for sentence in _sentences(text) if _claims(sentence)]


def _claims(sentence: str) -> bool:
    for found in TEXT.finditer(NAMED_METHODS.sub("", sentence)):
        before = sentence[: found.start()].split()[-WORDS_BEFORE:]
        if not DENIED.search(" ".join(before)):
            return True
    return False


def _apart(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", spaced).lower()


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", text) if part.strip()]


def of_the_schema() -> Iterator[str]:
    """Every model, table, column and closed set of values of ours."""
    for model in apps.get_models():
        if model.__module__.startswith("holdspace."):
            yield model.__name__
            yield model._meta.db_table
            for field in model._meta.get_fields():
                yield f"{model.__name__}.{field.name}"
                yield from (str(value) for value, _ in getattr(field, "choices", None) or ())


def of_a_vocabulary(module: ModuleType) -> Iterator[str]:
    """The names and values of what an engine gives: fields, keys, enumerations, literals."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", module.__name__) != module.__name__ and not typing.get_args(thing):
            continue
        if isinstance(thing, type) and issubclass(thing, enum.Enum):
            yield from (f"{name}.{member.value}" for member in thing)
        elif isinstance(thing, type) and is_dataclass(thing):
            yield from (f"{name}.{field.name}" for field in fields(thing))
        elif isinstance(thing, type) and hasattr(thing, "__annotations__"):
            yield from (f"{name}.{key}" for key in thing.__annotations__)
        elif typing.get_origin(thing) is typing.Literal:
            yield from (f"{name}.{value}" for value in typing.get_args(thing))


def of_the_contract(page: str) -> Iterator[str]:
    """The keys of the JSON that is shown in the contract's page."""
    for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL):
        yield from _keys(json.loads(block))


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def of_the_addresses(resolver: URLResolver) -> Iterator[str]:
    """Every route and its name."""
    for pattern in resolver.url_patterns:
        yield str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from of_the_addresses(pattern)
        else:
            yield pattern.name or ""


def shown_words(template: str) -> str:
    """A template's own words: without comments, tags, scripts' names and markup."""
    plain = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", " ", template, flags=re.DOTALL)
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", plain, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", " ", plain, flags=re.DOTALL).split())


def strings_in(value: object) -> Iterator[str]:
    """Every text in a data file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def unheard(sentence: str, evidence: Iterable[str]) -> list[str]:
    """Forbidden words of a written sentence that nobody said or jotted: the client's own pass."""
    said = " ".join(evidence).lower()
    written = NAMED_METHODS.sub("", sentence)
    return [found[0] for found in TEXT.finditer(written) if found[0].lower() not in said]


def test_nothing_of_it_is_kept() -> None:
    assert forbidden_names(of_the_schema()) == []
    assert len(set(of_the_schema())) > 100


@pytest.mark.parametrize("module", [vocabulary, transcript, mention], ids=lambda module: module.__name__)
def test_no_engine_has_a_word_for_it(module: ModuleType) -> None:
    names = list(of_a_vocabulary(module))
    assert len(names) > 5
    assert forbidden_names(names) == []


def test_nothing_of_it_is_in_the_contract_or_an_address() -> None:
    page = (ROOT / "docs" / "reference" / "json-contract.md").read_text(encoding="utf-8")
    assert len(list(of_the_contract(page))) > 10
    assert forbidden_names([*of_the_contract(page), *of_the_addresses(get_resolver())]) == []


@pytest.mark.parametrize("path", sorted(kept(SOURCE, ".html", ".typ")), ids=short)
def test_no_template_and_no_paper_shows_it(path: Path) -> None:
    assert forbidden_text(shown_words(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path",
    sorted(p for p in kept(SOURCE, ".toml") if p.parent.name in ("cards", "documents", "consent")),
    ids=short,
)
def test_no_document_and_no_card_promises_it(path: Path) -> None:
    texts = strings_in(tomllib.loads(path.read_text(encoding="utf-8")))
    assert [text for text in texts if forbidden_text(text)] == []


@pytest.mark.django_db
def test_no_page_shows_it() -> None:
    house = make_everything()
    record, shown = house.records[RUTHS], set()
    for who in PEOPLE:
        one = browser(house.actors[who])
        for address in (address for address in ALL if "GET" in methods_of(address)):
            answer: Any = one.get(path_to(address, record.ids, record.code))
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            shown.add(address.name)
            said = forbidden_text(shown_words(answer.content.decode()))
            assert said == [], (who, address.name)
    assert len(shown) > 50


FEELING = """Therapist: How has the week been?
Client: I was an emotional wreck. My mood was at three out of ten most days, and my personality is just broken.
Therapist: Your PHQ-9 is eleven today. It was fourteen last month.
Client: My sister says I am bipolar. I feel worthless and angry, and I cried on Tuesday.
Therapist: Any thoughts of ending your life, or of hurting yourself?
Client: No, nothing like that. I have my daughter.
Therapist: Would you practise the breathing every evening until we meet next Tuesday?
Client: Yes, I can do that. Every evening after dinner.
"""


@pytest.mark.weights
def test_the_engines_write_nothing_of_it_that_was_not_said() -> None:
    store = import_module("holdspace.weights.store")
    weights = store.Store(store.default_root())
    if not weights.present("spacy-en-core-web-sm"):
        pytest.skip("spacy-en-core-web-sm is not on this machine")
    drafting = {
        name: import_module(f"holdspace.engines.drafting.{name}")
        for name in ("story", "session_file", "style", "phrase", "parser", "format")
    }
    parser = drafting["parser"].load_parser(weights.path("spacy-en-core-web-sm"))
    session = drafting["session_file"].read_session(FEELING.encode(), "said.txt")
    for name in ("SOAP", "BIRP"):
        made = drafting["story"].draft(
            session,
            drafting["style"].Style(),
            drafting["format"].load_format(name),
            drafting["phrase"].TemplatePhraser(parser),
            parser,
        )
        lines = [sentence for section in made.sections for sentence in section.sentences]
        assert any("11" in line.text for line in lines)  # a PHQ-9 the clinician reports is reported
        written = [(line.text, [item.quote for item in line.evidence]) for line in lines]
        written += [
            (question.text, [item.quote for item in question.evidence]) for question in made.questions
        ]
        written += [(left.reason, [item.quote for item in left.evidence]) for left in made.left_out]
        assert [(text, unheard(text, quotes)) for text, quotes in written if unheard(text, quotes)] == []
        assert not any("F3" in text or "bipolar disorder" in text.lower() for text, _ in written)


@pytest.mark.parametrize(
    "bad",
    [
        "Session.sentiment",
        "mood_trend",
        "emotionDetected",
        "Client.personality_type",
        "risk_score",
        "riskLevel",
        "suicide_risk_score",
        "NoteQuestion.suggested_diagnosis",
        "diagnosis_candidates",
        "relapse_probability",
        "affect_score",
    ],
)
def test_the_wall_stops_a_planted_name(bad: str) -> None:
    class Planted:
        __annotations__ = {bad: float}

    assert forbidden_names([bad]) == [bad]
    module = ModuleType("planted")
    Planted.__module__ = "planted"
    module.Planted = Planted  # type: ignore[attr-defined]  # planted
    assert forbidden_names(of_a_vocabulary(module)) == [f"Planted.{bad}"]
    assert forbidden_names(of_the_contract(f'```json\n{{"sentences": [{{"{bad}": 1}}]}}\n```')) == [bad]


@pytest.mark.parametrize(
    "good",
    [
        "Kind.score",
        "Kind.risk",
        "Diagnosis.code",
        "phq9_score",
        "Mention.salience",
        "Word.probability",
        "moderate",
    ],
)
def test_the_wall_lets_our_own_names_pass(good: str) -> None:
    assert forbidden_names([good]) == []


@pytest.mark.parametrize(
    "bad",
    [
        "<p>Mood: {{ mood }}</p>",
        "<h2>Emotions heard</h2>",
        "<td>Risk score</td><td>0.8</td>",
        "<p>Suggested diagnosis: F41.1</p>",
        "<p>Personality: avoidant</p>",
        "<p>We do not store sound. Sentiment over the session was falling.</p>",
    ],
)
def test_the_wall_stops_a_planted_page(bad: str) -> None:
    assert forbidden_text(shown_words(bad))


@pytest.mark.parametrize(
    "good",
    [
        "It does not judge how you feel, and gives no score of risk.",
        "Never: emotions, sentiment, personality, diagnosis suggestions, risk scores.",
        "<dt>PHQ-9</dt><dd>11, was 14</dd>",
        "{% comment %}the mood of the page{% endcomment %}<p>Diagnosis, entered by you</p>",
    ],
)
def test_the_wall_lets_plain_pages_and_denials_pass(good: str) -> None:
    assert forbidden_text(shown_words(good)) == []


def test_the_wall_tells_the_clients_words_from_the_programs() -> None:
    said = ["I was an emotional wreck"]
    assert unheard("Client described herself as “an emotional wreck”.", said) == []
    assert unheard("Client shows a flat mood.", said) == ["mood"]
    assert unheard("Used emotionally focused work on the cycle.", ["Can you turn to him?"]) == []


def test_word_lists_may_know_such_words_because_people_say_them() -> None:
    lists = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in kept(SOURCE / "engines", ".yaml")]
    assert any("mood" in text for data in lists for text in strings_in(data))
