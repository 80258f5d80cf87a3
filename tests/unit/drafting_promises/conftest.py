"""The real parser, loaded once for the folder; a text it has read before is not read again."""

from functools import cache

import pytest

from holdspace.engines.drafting.parser import Parser, load_parser
from holdspace.weights.store import Store, default_root


@pytest.fixture(scope="session")
def parser() -> Parser:
    return cache(load_parser(Store(default_root()).path("spacy-en-core-web-sm")))
