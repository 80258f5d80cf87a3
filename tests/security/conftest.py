"""One of everything, for those who try to get at it."""

import pytest

from tests.everything import Everything, make_everything


@pytest.fixture
def house(db: None) -> Everything:  # noqa: ARG001  # the database must be there first
    """Both practices with one of everything."""
    return make_everything()
