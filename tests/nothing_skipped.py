"""A pytest plugin for continuous integration: a skipped test is a failure, because everything was installed."""

import pytest


class _Skips:
    reasons: list[str]

    def __init__(self) -> None:
        self.reasons = []


_SKIPS = _Skips()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped (an expected failure also reports as skipped, and is none)."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _SKIPS.reasons.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when something that should have run did not."""
    if (
        _SKIPS.reasons
        and session.exitstatus == pytest.ExitCode.OK
        and not hasattr(session.config, "workerinput")
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests whose skipping failed the run."""
    if _SKIPS.reasons:
        terminalreporter.section("skipped, though everything should run here", red=True)
        for reason in _SKIPS.reasons:
            terminalreporter.line(reason)
