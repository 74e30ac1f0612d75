"""Is a file YAML, and does no key stand in it twice? What is wrong is said with its line."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from mythical_digit.errors import UserError

MERGE = "tag:yaml.org,2002:merge"  # of the key <<, which has no value of its own


def check(path: str | Path) -> None:
    """Raise UserError unless the file can be read as YAML and no mapping in it has a key twice.

    YAML forbids the latter, but its readers take the last value without a word.
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
        raise UserError(f"{path}: not valid YAML: it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 (byte {error.start}); save it as that") from error
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def _reason(error: yaml.MarkedYAMLError) -> str:
    """The reader's own words; where something began that does not end, the line of that."""
    if not error.context:
        return error.problem
    begun = f" that begins in line {error.context_mark.line + 1}" if error.context_mark else ""
    return f"{error.context}{begun}: {error.problem}"


def _mistakes(node: yaml.Node, loader: yaml.SafeLoader, above: set[yaml.Node]) -> Iterator[tuple[int, str]]:
    """What is wrong in a node, with its line from 0, though it is well formed."""
    if node in above:
        yield node.start_mark.line, "it contains itself; give it a value that ends"
    elif isinstance(node, yaml.ScalarNode) and node.tag != MERGE:
        try:
            loader.construct_object(node)
        except ValueError as error:  # such as the date 2001-13-01
            yield node.start_mark.line, f"{node.value[:40]!r} cannot be read ({error}); put it in quotes if it is text"
    elif isinstance(node, yaml.MappingNode):
        yield from _twice(node)
        for pair in node.value:
            for child in pair:
                yield from _mistakes(child, loader, above | {node})
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _mistakes(child, loader, above | {node})


def _twice(mapping: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    lines: dict[tuple[str, str], int] = {}
    for key, _ in mapping.value:
        if isinstance(key, yaml.ScalarNode):
            name, line = (key.tag, key.value), key.start_mark.line
            if name in lines:
                yield line, f"the key {key.value!r} stands there twice, first in line {lines[name] + 1}; remove one"
            lines[name] = line
