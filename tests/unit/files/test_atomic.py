"""A file is written whole or not at all."""

import pytest

from mythical_digit.files.atomic import atomic, write_bytes, write_text


def write_half(path):
    with atomic(path) as part:
        part.write_bytes(b"half of it")
        raise RuntimeError


def test_a_failure_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError):
        write_half(tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "old"
    write_bytes(path, b"old")
    with pytest.raises(RuntimeError):
        write_half(path)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


def test_nothing_has_the_final_name_before_all_is_written(tmp_path):
    path = tmp_path / "folder" / "file"
    with atomic(path) as part:
        part.write_bytes(b"all")
        assert not path.exists()
    assert [p.read_bytes() for p in path.parent.iterdir()] == [b"all"]


def test_the_leftover_of_a_killed_job_is_overwritten(tmp_path):
    path = tmp_path / "file"
    job = atomic(path)  # entered and never left, as when killed
    job.__enter__().write_bytes(b"a long leftover")
    write_bytes(path, b"new")
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"new"]


def test_text_is_utf8_with_unix_line_ends(tmp_path):
    write_text(tmp_path / "file", "α\nβ\n")
    assert (tmp_path / "file").read_bytes() == b"\xce\xb1\n\xce\xb2\n"
