"""The rules, case by case: `<id>.md` beside this file is a suite, a heading in it a case, and the page in `content/explanations` is tried as well.

In a case, a ```` ```yaml ```` block is a file; `# error: [rule-id]` at the end of a line says which finding begins there, and no other finding
may be there. `yaml profile` and `yaml requests` set the scene; `text fix` is what the first proved fix shows, `text message` the whole
message of the first finding, `text consequence` one of its consequences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

import simulator.rules
from simulator import Report, Scenario, run
from simulator.rules import ALL_RULES

HERE = Path(__file__).parent
PAGES = files("content").joinpath("explanations")
_BLOCK = re.compile(r"^```(\w+)? ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"# (error|warning|note): \[([a-z0-9-]+)\]")


@dataclass(frozen=True)
class Case:
    """One heading of a suite, with the blocks below it."""

    rule: str
    title: str
    blocks: tuple[tuple[str, str, str], ...]

    def texts(self, language: str, kind: str) -> list[str]:
        return [text for one, other, text in self.blocks if (one, other) == (language, kind)]

    def one(self, language: str, kind: str) -> str:
        return next(iter(self.texts(language, kind)), "").strip()

    @property
    def marked(self) -> list[tuple[str, str, str, int]]:
        """(file, severity, rule, line) of each finding that is expected."""
        return sorted(
            (f"{index}.yaml", found[1], found[2], line)
            for index, text in enumerate(self.texts("yaml", ""))
            for line, content in enumerate(text.splitlines(), 1)
            for found in _MARK.finditer(content)
        )


def cases() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.md")):
        for part in re.split(r"^## ", path.read_text(), flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            yield pytest.param(Case(path.stem, title, tuple(_BLOCK.findall(body))), id=f"{path.stem}: {title}")


def outcome(manifests: list[str], profile: str = "", requests: str = "") -> Report:
    given = {
        "profile": yaml.safe_load(profile) or {},
        "manifests": [{"name": f"{index}.yaml", "text": text} for index, text in enumerate(manifests)],
        "requests": yaml.safe_load(requests) or [],
    }
    return run(Scenario.of(given, lambda name: name))


@pytest.mark.parametrize("case", list(cases()))
def test_a_case_has_the_findings_that_are_marked_and_no_other(case: Case) -> None:
    """Each finding begins on its marked line with its severity; the fix is proved and shows what the case says."""
    report = outcome(case.texts("yaml", ""), case.one("yaml", "profile"), case.one("yaml", "requests"))
    found = sorted(
        (f.place.file if f.place else "", f.severity.value, f.rule, f.place.span.line if f.place else 0) for f in report.findings
    )
    assert found == case.marked, [f.message for f in report.findings]
    if fix := case.one("text", "fix"):
        assert [(x.proved, x.outcome) for f in report.findings[:1] for x in f.fixes[:1]] == [(True, fix)]
    if message := case.one("text", "message"):
        assert report.findings[0].message == message
    for consequence in case.texts("text", "consequence"):
        assert consequence.strip() in report.findings[0].consequences


@pytest.mark.parametrize("case", list(cases()))
def test_a_proved_fix_put_into_the_files_removes_its_finding_and_adds_no_error(case: Case) -> None:
    """The proof is checked from outside: the patched files are run like any others, through the front door."""
    before = outcome(case.texts("yaml", ""), case.one("yaml", "profile"), case.one("yaml", "requests"))
    known = {(f.rule, f.object) for f in before.findings}
    for finding in before.findings:
        for fix in (fix for fix in finding.fixes if fix.proved):
            changed = {file.name: file.text for file in fix.files}
            assert changed
            texts = [changed.get(f"{index}.yaml", text) for index, text in enumerate(case.texts("yaml", ""))]
            after = outcome(texts, case.one("yaml", "profile"), case.one("yaml", "requests"))
            assert (finding.rule, finding.object, finding.path) not in {(f.rule, f.object, f.path) for f in after.findings}
            assert {(f.rule, f.object) for f in after.findings if f.severity.value == "error"} <= known


@dataclass(frozen=True)
class Page:
    """An explanation page: its front matter, its prose, and the manifests under Broken and Fixed."""

    front: dict[str, Any]
    prose: str
    broken: list[str]
    fixed: list[str]


def page(name: str) -> Page:
    _, front, body = PAGES.joinpath(f"{name}.md").read_text().split("---\n", 2)
    parts = dict(part.partition("\n")[::2] for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:])
    assert list(parts) == ["What happened", "Why Kubernetes works this way", "Broken", "Fixed", "See it in a cluster"]
    manifests = {title: [text for one, _, text in _BLOCK.findall(parts[title]) if one == "yaml"] for title in ("Broken", "Fixed")}
    return Page(yaml.safe_load(front), _BLOCK.sub("", body), manifests["Broken"], manifests["Fixed"])


def told(front: dict[str, Any], key: str) -> str:
    """A mapping of the front matter as YAML again."""
    return yaml.safe_dump(front[key]) if key in front else ""


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_the_broken_example_of_a_page_has_the_fault_and_the_fixed_one_has_none(rule: Any) -> None:
    """A learner who runs the page's manifests sees what the page says."""
    text = page(rule.id)
    broken = outcome(text.broken, told(text.front, "profile"), told(text.front, "requests"))
    assert [f.rule for f in broken.findings] == [rule.id]
    assert broken.findings[0].severity.value == text.front["severity"]
    profile = told(text.front, "fixed_profile") or told(text.front, "profile")
    fixed = outcome(text.fixed, profile, told(text.front, "fixed_requests") or told(text.front, "requests"))
    assert [f"{f.rule}: {f.message}" for f in fixed.findings] == []


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_a_page_says_what_the_rule_says_in_at_most_250_words(rule: Any) -> None:
    """Id, basis and sources agree with the rule; the prose is short; each rule has a source."""
    text = page(rule.id)
    assert (text.front["id"], text.front["basis"], tuple(text.front["sources"])) == (rule.id, rule.basis.value, rule.sources)
    assert rule.sources
    assert len(text.prose.split()) <= 250


def test_the_four_places_know_the_same_rules() -> None:
    """A rule has its file, its place in ALL_RULES, its cases and its page, all under one name."""
    listed = [rule.id for rule in ALL_RULES]
    assert len(listed) == len(set(listed))
    modules = {path.stem.replace("_", "-") for path in Path(simulator.rules.__file__).parent.glob("*.py")} - {"--init--"}
    suites = {path.stem for path in HERE.glob("*.md")}
    pages = {path.name.removesuffix(".md") for path in PAGES.iterdir() if path.name.endswith(".md")}
    assert set(listed) == modules == suites == pages
