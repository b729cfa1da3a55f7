"""A pytest plugin (`-p tests.conformance.plugin`): notes what each test shows of the contract.

`--conformance FILE` writes the document. A run of all tests compares itself with the document instead, and fails if
something lost its test. Any other run notes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = "docs/conformance.md"
PLACES = ("tests/merchant_api/", "tests/lookups/")
"""Only tests of the wire count; elsewhere a call is a means to another end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance", metavar="FILE", help=f"write the conformance document ({DOCUMENT})")


def pytest_configure(config: pytest.Config) -> None:
    if _is_worker(config):
        is_noting = config.workerinput.get("notes_conformance", False)  # type: ignore[attr-defined]
    else:
        is_noting = bool(config.option.conformance) or _is_whole(config)
    if is_noting and not config.option.collectonly:
        config.pluginmanager.register(Conformance(config))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _is_whole(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.deselect or config.option.ignore
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS and not chosen


class Conformance:
    """The notes of one process; at the end those of all."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.notes: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        self.now: set[tuple[str, str, str]] | None = None
        self.failed = False
        self.words: list[str] = []

    def pytest_sessionstart(self) -> None:
        from tests import shop
        from tests.conformance.recording import hear

        def listen(method: str, content: bytes, reply: shop.Reply) -> None:
            if self.now is not None:
                hear(self.now.add, method, content, reply)

        shop.listener = listen

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        """Keep what a test shows, if it passes. What nobody chose (fuzzing) proves nothing and is not noted."""
        chosen = item.get_closest_marker("generated") is None
        self.now, self.failed = set() if chosen and item.nodeid.startswith(PLACES) else None, False
        try:
            return (yield)
        finally:
            if self.now and not self.failed:
                self.notes[item.nodeid.partition("[")[0]] |= self.now
            self.now = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= not report.passed

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["notes_conformance"] = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for test, rows in getattr(node, "workeroutput", {}).get("conformance", {}).items():
            self.notes[test] |= rows

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if _is_worker(self.config):
            session.config.workeroutput["conformance"] = dict(self.notes)  # type: ignore[attr-defined]
        elif exitstatus == pytest.ExitCode.OK:
            self._conclude(session)
        elif self.config.option.conformance:
            self.words = ["Not written: only a run without failures says what is covered."]

    def _conclude(self, session: pytest.Session) -> None:
        from tests.conformance.document import compare, render

        file = self.config.option.conformance
        if file:
            Path(file).write_text(render(self.notes))
            self.words = [f"{file} was written."]
            return
        path = self.config.rootpath / DOCUMENT
        lost, self.words = compare(path.read_text() if path.exists() else "", self.notes)
        if lost:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.words:
            terminalreporter.section("conformance")
            for line in self.words:
                terminalreporter.write_line(line)
