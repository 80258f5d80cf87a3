"""Someone at a browser, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdspace.people.models import User
from tests.cast import Cast

SignIn = Callable[[str], Browser]


@pytest.fixture
def as_(cast: Cast) -> SignIn:  # noqa: ARG001  # the practice must be there
    """`as_("maya")` is Maya's browser."""

    def sign_in(username: str) -> Browser:
        browser = Browser()
        browser.force_login(User.objects.get(username=username))
        return browser

    return sign_in
