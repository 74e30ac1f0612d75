"""A file that is not YAML, or has duplicate keys, is refused with the line; what YAML allows passes."""

from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from project import ROOT

from mythical_digit.errors import UserError
from mythical_digit.study.yaml_syntax import check


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("yaml") / "config.yaml"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3", 3, "duplicate key 'a' (first on line 1); remove one"),
        ("a: {x: 1, x: 2}", 1, "duplicate key 'x'"),
        ("a:\n- b: 1\n  'b': 1", 3, "duplicate key 'b' (first on line 2)"),
        ("a: 1\nb: [1\nc: 3\n", 3, "a flow sequence that begins on line 2: expected ',' or ']'"),
        ("a:\n\tb: 1", 2, "found character '\\t' that cannot start any token"),
        ("a: 1\nb: c: 2", 2, "mapping values are not allowed here"),
        ("a: 'x\nb: 1\n", 3, "a quoted scalar that begins on line 1: found unexpected end of stream"),
        ("a: *b", 1, "found undefined alias 'b'"),
        ("\nx: &a [*a]", 2, "this value contains itself"),
        ("a: 1\n---\nb: 1", 2, "expected a single document in the stream"),
        ("a: 1\nb: \x00", 2, "'\\x00' is not allowed"),
        ("a: 1\nb: 2001-13-01", 2, "'2001-13-01' cannot be read (month must be in 1..12)"),
        ("a: 1\nseeds: [010]", 2, "'010' is 8 in YAML; write 8, or quotes around text"),
        ("a: 1:30", 1, "'1:30' is 90 in YAML; write 90, or"),
        ("? [a]\n: 1", 1, "found unhashable key"),
        ("a: !!python/object/apply:os.getcwd []", 1, "could not determine a constructor"),
    ],
)
def test_a_mistake_is_named_with_its_line(path, content, line, reason):
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        check(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"a: \xff", "not UTF-8 (byte 3)"), (b"[" * 5000, "nested too deeply")],
)
def test_what_is_no_text_or_has_no_end_is_named(path, content, reason):
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        check(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "content", ["", "a: {x: 1}\nb: {x: 1}", "x: &a {p: 1}\ny: {<<: *a, p: 2, q: *a}", "a: 1\r\nb: 2\r\n"]
)
def test_what_yaml_allows_passes(path, content):
    path.write_text(content, newline="")
    check(path)


@pytest.mark.parametrize("name", ["config.yaml", "config.schema.yaml", "profiles/default/config.yaml"])
def test_the_files_of_the_project_pass(name):
    check(ROOT / name)


LINES = (ROOT / "config.yaml").read_text().splitlines()
TYPED = st.text(st.sampled_from("\t\n []{}:,&*!|>'\"%@`#-?aé\0"), max_size=4)


@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), TYPED)
@settings(max_examples=100, deadline=None, database=None)
def test_whatever_is_typed_into_the_config_is_read_or_refused(path, number, column, typed):
    lines = LINES.copy()
    lines[number] = lines[number][:column] + typed + lines[number][column:]
    path.write_text("\n".join(lines))
    with suppress(UserError):
        check(path)
        yaml.safe_load(path.read_text())
