"""Checksums tell whether content is the same; who made it, and with which code, does not change it."""

import pytest

from mythical_digit.files.checksums import checksums, sha256
from mythical_digit.files.records import write_json
from mythical_digit.files.tensors import save_tensors


@pytest.fixture
def write(tmp_path):
    """A function that writes a record and weights, and returns their checksums and those of their bytes."""

    def write(value, made_from=None):
        paths = [tmp_path / "metrics.json", tmp_path / "model.safetensors"]
        write_json(paths[0], {"errors": value} | ({"origin": made_from} if made_from else {}))
        save_tensors(paths[1], {"weight": value}, made_from)
        return checksums(paths, tmp_path), [sha256(path) for path in paths]

    return write


def test_the_origin_is_no_part_of_the_content(write):
    plain, bytes_of_plain = write(1)
    made, bytes_of_made = write(1, {"file": {"code": "a"}})
    assert made == plain
    assert not {*bytes_of_made} & {*bytes_of_plain}
    assert [*plain.values()] == bytes_of_plain
    assert not {*write(2)[0].values()} & {*plain.values()}


def test_a_damaged_file_has_the_checksum_of_its_bytes(tmp_path):
    for name in ("metrics.json", "model.safetensors"):
        (tmp_path / name).write_bytes(b"\xff damaged")
        assert checksums([tmp_path / name], tmp_path) == {name: sha256(tmp_path / name)}
