"""The real parser, loaded once, and what it finds in short talks."""

import pytest

from holdspace.engines.drafting.mention import Mention
from holdspace.engines.drafting.observe import observe
from holdspace.engines.drafting.parser import Parser, load_parser
from holdspace.engines.drafting.read import Heard
from holdspace.weights.store import Store, default_root
from tests.unit.drafting.spoken import Mentions, talk


@pytest.fixture(scope="session")
def parser() -> Parser:
    return load_parser(Store(default_root()).path("spacy-en-core-web-sm"))


@pytest.fixture
def mentions(parser: Parser) -> Mentions:
    """Mentions of a short talk."""

    def of(*lines: str, jottings: str = "", former_names: tuple[str, ...] = ()) -> tuple[Mention, ...]:
        return observe(Heard(talk(*lines), (), former_names), jottings, parser=parser).mentions

    return of
