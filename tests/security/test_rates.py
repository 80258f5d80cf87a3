"""What comes too often waits; what sends seconds of sound never does; and nobody waits for somebody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from holdspace.web import limits
from holdspace.web.limits import ANYTHING, RATES, Rate, counter, rates_for
from tests.everything import RUTHS, Everything, browser
from tests.walls.test_addresses import ALL


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """At nought."""
    return Clock()


def counting(clock: Callable[[], float]) -> limits._Counter:
    """A counter of its own."""
    return limits._Counter(clock)


def test_so_many_in_a_minute_and_then_again_after_it(clock: Clock) -> None:
    rate, made = Rate("x", frozenset(), most=3, every_s=60.0), counting(clock)
    assert [made.wait_s(rate, "a") for _ in range(3)] == [0.0, 0.0, 0.0]
    clock.now = 20.0
    assert made.wait_s(rate, "a") == 40.0
    assert made.wait_s(rate, "b") == 0.0
    clock.now = 60.0
    assert made.wait_s(rate, "a") == 0.0


def test_who_is_refused_is_not_counted_again_and_so_not_kept_out_for_good(clock: Clock) -> None:
    rate, made = Rate("x", frozenset(), most=1, every_s=60.0), counting(clock)
    made.wait_s(rate, "a")
    for second in range(1, 60):
        clock.now = float(second)
        assert made.wait_s(rate, "a") > 0
    clock.now = 60.0
    assert made.wait_s(rate, "a") == 0.0


def test_the_counter_does_not_grow_without_end(clock: Clock) -> None:
    made = counting(clock)
    for n in range(limits.MOST_KNOWN + 50):
        made.wait_s(ANYTHING, str(n))
    assert len(made._came) == limits.MOST_KNOWN


def test_the_table_names_addresses_there_are() -> None:
    names = {address.name for address in ALL}
    assert {
        *(route for rate in RATES for route in rate.routes),
        *limits.SECONDS_OF_SOUND,
        *limits.TO_STOP,
        *limits.BODIES,
    } <= names


def test_sound_is_never_told_to_wait_nor_is_who_wants_it_to_stop() -> None:
    for route in limits.SECONDS_OF_SOUND | limits.TO_STOP:
        assert rates_for(route, "POST") == ()
    assert rates_for("chart:today", "GET") == (ANYTHING,)


@pytest.mark.parametrize(
    ("name", "method", "most"),
    [
        ("people:clients", "get", 120),
        ("chart:pdf", "get", 60),
        ("room:upload", "post", 20),
        ("chart:log_check", "get", 20),
        ("chart:ledger_pdf", "get", 60),
        ("outside:tried", "get", 20),
        ("people:again", "post", 30),
        ("people:join", "post", 30),
        ("room:client_ask", "get", 60),
    ],
)
def test_each_of_them_waits_after_so_many(house: Everything, name: str, method: str, most: int) -> None:
    maya = browser(house.cast.maya)
    known: dict[str, list[Any]] = {
        "chart:pdf": [999_999],
        "chart:ledger_pdf": [999_999],
        "room:upload": [999_999],
        "room:client_ask": [house.records[RUTHS].code, "transcription"],
    }
    path = reverse(name, args=known.get(name, []))
    (rate,) = [one for one in RATES if name in one.routes]
    for _ in range(most - 2):
        counter.wait_s(rate, f"person {house.cast.maya.user_id}")
    statuses = [getattr(maya, method)(path).status_code for _ in range(3)]
    assert (429 in statuses[:2], statuses[2]) == (False, 429)
    assert browser(house.cast.tom).get(reverse("people:clients")).status_code == 200


def test_a_whole_practice_behind_one_address_keeps_no_client_from_a_pause(house: Everything) -> None:
    code = house.records[RUTHS].code
    for rate in (*RATES, ANYTHING):
        for _ in range(rate.most):
            counter.wait_s(rate, "address 127.0.0.1")
    phone = Browser()
    assert phone.get(reverse("room:client_door")).status_code == 429
    assert phone.post(reverse("room:client_pause", args=[code])).status_code == 200
    back = reverse("room:client_back", args=[code, "transcription"])
    assert phone.post(back, {"who": "0"}).status_code == 302
