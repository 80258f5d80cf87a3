"""Each promise is broken in the product, in a way it could really break, and its own check sees it.

That all of them are kept where nothing is broken is shown by a whole run (test_a_whole_run.py).
"""

import re
from contextlib import ExitStack, nullcontext

import pytest

from holdspace.proof.listed import chosen, listed
from holdspace.proof.promise import BROKEN, NOT_ENFORCED
from holdspace.proof.run import attempt
from holdspace.proof.trial import Trial
from holdspace.proof.work import threads_beside
from tests.proof import broken_decides, broken_encounter, broken_intent, broken_privacy
from tests.proof.breaking import BREAKS, Bench, Break
from tests.proof.conftest import again
from tests.proof.test_runner import BROKEN_THERE

WHERE = (broken_privacy, broken_encounter, broken_intent, broken_decides)


def test_no_promise_lacks_a_way_to_break_it() -> None:
    assert WHERE
    assert {broken.code for broken in BREAKS} | set(BROKEN_THERE) == {one.code for one in listed()}
    assert len({broken.name for broken in BREAKS}) == len(BREAKS)


@pytest.mark.weights
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_a_broken_promise_is_seen_as_broken(
    broken: Break, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = chosen((broken.code,))
    tried = again(trial, *broken.anew)
    with ExitStack() as after, threads_beside() if broken.listens else nullcontext():
        broken.how(Bench(monkeypatch, tried, after))
        result = attempt(one, tried)
    assert result.state in (BROKEN, NOT_ENFORCED), result.seen
    assert re.search(broken.seen, " ".join(result.seen)), result.seen
    assert result.then
