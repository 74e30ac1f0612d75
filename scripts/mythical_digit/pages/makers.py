"""Which script makes a file of the results, and which caption it has, as the rules say it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

RULE = re.compile(r"^(?:rule|checkpoint) \w+:\n(?P<body>(?:(?: {4}.*)?\n)+)", re.MULTILINE)
OUTPUT = re.compile(r"^ {4}output:\n(?P<lines>(?: {8}.*\n)+)", re.MULTILINE)
FILE = re.compile(r'"(results/[^"]+)"(?:,\s*caption="\.\./report/(\w+\.rst)")?')
SCRIPT = re.compile(r'^ {4}script:\n {8}"\.\./(scripts/\w+\.py)"', re.MULTILINE)


@dataclass(frozen=True)
class Maker:
    """What makes files whose path below results/ matches a pattern; `caption` is a file of report/, or empty."""

    pattern: re.Pattern
    script: str
    caption: str


@dataclass(frozen=True)
class Made:
    """Who made a file: the script, its caption and the wildcards of its path."""

    script: str
    caption: str
    wildcards: dict[str, str]


def makers(rules: Iterable[str]) -> list[Maker]:
    """What the rules in these texts of rules/*.smk make by scripts, those without wildcards first."""
    found = []
    for text in rules:
        for rule in RULE.finditer(text):
            outputs, script = OUTPUT.search(rule["body"]), SCRIPT.search(rule["body"])
            if outputs and script:
                found += [
                    Maker(_pattern(path.removeprefix("results/")), script[1], caption)
                    for path, caption in FILE.findall(outputs["lines"])
                ]
    return sorted(found, key=lambda maker: maker.pattern.pattern.count("(?P"))


def _pattern(path: str) -> re.Pattern:
    parts = re.split(r"{(\w+)}", path)
    named = [f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)]
    return re.compile("".join(named))


def made_by(path: str, makers: Iterable[Maker]) -> Made | None:
    """Who makes the file at a path below results/; None, if no rule with a script does."""
    for maker in makers:
        if found := maker.pattern.fullmatch(path):
            return Made(maker.script, maker.caption, found.groupdict())
    return None
