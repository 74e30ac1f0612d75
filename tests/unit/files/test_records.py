"""Tables and records read back as they were written; a damaged one is named."""

import pytest

from mythical_digit.errors import UserError
from mythical_digit.files.records import read_csv, read_json, write_csv, write_json


def test_a_table_reads_back_to_the_same_values_and_bytes(tmp_path):
    rows = [("kd, no 3", 0.1 + 0.2, 3), ("norm", 1e-300, 4)]
    for name in ("one", "two"):
        write_csv(tmp_path / name, ["arm", "value", "n"], rows)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert b"\r" not in (tmp_path / "one").read_bytes()
    read = read_csv(tmp_path / "one")
    assert [(row["arm"], float(row["value"]), int(row["n"])) for row in read] == rows


def test_a_record_reads_back_and_has_the_same_bytes_in_any_order_of_its_keys(tmp_path):
    write_json(tmp_path / "one", {"a": [1, 2.5], "b": None})
    write_json(tmp_path / "two", {"b": None, "a": [1, 2.5]})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert read_json(tmp_path / "one") == {"a": [1, 2.5], "b": None}


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (read_json, b"{", "not a readable record (JSON): Expecting property name"),
        (read_json, b"[1]", "not a readable record (JSON): list instead of an object"),
        (read_csv, b"\xff", "not a readable table (CSV): not UTF-8 (byte 0)"),
        (read_csv, None, "not a readable table (CSV): [Errno 2]"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, read, content, reason):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {reason}")


@pytest.mark.parametrize("written", ["\ufeffa,b\r\n1,2\r\n", "a,b\n1,2\n", "a,b\r\n1,2"])
def test_a_table_that_a_spreadsheet_saved_is_read(tmp_path, written):
    (tmp_path / "table.csv").write_bytes(written.encode())
    assert read_csv(tmp_path / "table.csv") == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a;b\n1,5;2\n", "separated by ';'; save it with commas"),
        (b"a\tb\n1\t2\n", r"separated by '\\t'; save it with commas"),
        ("a,b\n1,2\n".encode("utf-16"), "not UTF-8 .*; save it as CSV UTF-8"),
    ],
)
def test_a_table_in_another_form_is_named_with_what_to_do(tmp_path, content, words):
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(UserError, match=rf"table\.csv: not a readable table .*{words}"):
        read_csv(tmp_path / "table.csv")
