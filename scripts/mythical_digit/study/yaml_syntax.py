"""Check that a file is valid YAML without duplicate keys; a message names the line of the mistake."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from mythical_digit.errors import UserError

# Whole numbers that YAML 1.1, which Python reads, takes for others: 010 is octal, 1:30 is 90 seconds.
AMBIGUOUS = re.compile(r"[-+]?(0[0-9_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
MERGE = "tag:yaml.org,2002:merge"  # the tag of the key <<, which cannot be read as a value


def check(path: str | Path) -> None:
    """Raise UserError unless the file is valid YAML without duplicate keys.

    YAML forbids duplicate keys, but its readers silently take the last value.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node:
            for line, mistake in _mistakes(node, loader, set()):
                raise UserError(f"{path}, line {line + 1}: {mistake}")
            loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise UserError(f"{path}, line {error.problem_mark.line + 1}: not valid YAML: {_reason(error)}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UserError(f"{path}, line {line}: not valid YAML: {chr(error.character)!r} is not allowed") from error
    except RecursionError as error:
        raise UserError(f"{path}: not valid YAML: nested too deeply") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def _reason(error: yaml.MarkedYAMLError) -> str:
    """The reader's own words, with the line where an unfinished part begins."""
    if not error.context:
        return error.problem
    begun = f" that begins on line {error.context_mark.line + 1}" if error.context_mark else ""
    return f"{error.context}{begun}: {error.problem}"


def _mistakes(node: yaml.Node, loader: yaml.SafeLoader, above: set[yaml.Node]) -> Iterator[tuple[int, str]]:
    """What is wrong in a well-formed node, each with its line, counted from 0."""
    if node in above:
        yield node.start_mark.line, "this value contains itself; remove the alias (*)"
    elif isinstance(node, yaml.ScalarNode) and node.tag != MERGE:
        try:
            found = loader.construct_object(node)
            if node.tag in NUMBERS and AMBIGUOUS.fullmatch(node.value):
                yield node.start_mark.line, f"{node.value!r} is {found} in YAML; write {found}, or quotes around text"
        except ValueError as error:  # such as the date 2001-13-01
            yield node.start_mark.line, f"{node.value[:40]!r} cannot be read ({error}); put it in quotes if it is text"
    elif isinstance(node, yaml.MappingNode):
        yield from _duplicate_keys(node)
        for pair in node.value:
            for child in pair:
                yield from _mistakes(child, loader, above | {node})
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _mistakes(child, loader, above | {node})


def _duplicate_keys(mapping: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    lines: dict[tuple[str, str], int] = {}
    for key, _ in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            name, line = (key.tag, key.value), key.start_mark.line
            if name in lines:
                yield line, f"duplicate key {key.value!r} (first on line {lines[name] + 1}); remove one"
            lines[name] = line
