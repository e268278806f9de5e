"""A test that could not run is said to be NOT RUN; under continuous integration only tests on real files may be."""

import os
from collections.abc import Generator
from typing import Any

import pytest

_not_run: list[tuple[str, bool]] = []  # (test, whether it needs real files beside the project)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    report.needs_real_files = item.get_closest_marker("samples") is not None
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _not_run.append((report.nodeid, bool(getattr(report, "needs_real_files", False))))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _not_run:
        terminalreporter.write_line(f"NOT RUN: {len(_not_run)} tests")
        for nodeid, _ in _not_run:
            terminalreporter.write_line(f"  NOT RUN {nodeid}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") and any(not needs_real_files for _, needs_real_files in _not_run):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: made data (zips hold the time) would else give each worker other names of tests."""
    return argname if isinstance(val, bytes) else None
