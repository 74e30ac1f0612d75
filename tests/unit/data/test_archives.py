"""Archives and gzip streams that are mutated, cut, bombs or lies: read to the byte or refused, and never at a cost."""

import gzip
import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mythical_digit.data.sources import member, packed_limit, unpacked
from mythical_digit.data.web import Refused

CONTENT = random.Random(0).randbytes(100) + bytes(900)
NAME = "folder/labels"
LIMIT = len(CONTENT)
# What a reader may hold beside the bytes that it returns: a few copies of what came, and its own blocks.
OVERHEAD = 1_000_000
FUZZ = settings(max_examples=400, deadline=timedelta(seconds=5), database=None)


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name), content, method)
    return archive.getvalue()


def read(function, *arguments):
    """What the function returns, or None if it refuses; it may hold no more memory than the limit allows."""
    tracemalloc.start()
    try:
        return function(*arguments)
    except Refused:
        return None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < OVERHEAD, f"{peak} bytes held"


ARCHIVES = [
    zipped((NAME, CONTENT)),
    zipped((NAME, CONTENT), method=zipfile.ZIP_STORED),
    zipped((NAME, CONTENT), method=zipfile.ZIP_LZMA),
    zipped((NAME, CONTENT), method=zipfile.ZIP_BZIP2),
    zipped(("other", b"x" * 50), (NAME, CONTENT), ("ö/ä", b"")),
]
STREAMS = [gzip.compress(CONTENT, mtime=0), gzip.compress(CONTENT[:10], mtime=0) + gzip.compress(CONTENT[10:], mtime=0)]


@st.composite
def mutated(draw, originals):
    """One of the originals with bytes changed (at the ends above all, where the headers are), cut out or put in."""
    content = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, 120) | st.integers(-140, -1) | st.integers(0, len(content))) % (len(content) or 1)
        size = draw(st.integers(0, 4))
        match draw(st.sampled_from(["replace", "insert", "delete", "cut"])):
            case "replace":
                new = draw(st.binary(min_size=size, max_size=size) | st.sampled_from([b"\xff" * size, bytes(size)]))
                content[place : place + size] = new
            case "insert":
                content[place:place] = draw(st.binary(max_size=8))
            case "delete":
                del content[place : place + size]
            case "cut":
                del content[place:]
    return bytes(content)


@FUZZ
@given(mutated(ARCHIVES))
@example(b"")
@example(b"PK\x05\x06" + b"\xff" * 18)
def test_a_mutated_archive_is_read_or_refused(archive):
    found = read(member, archive, NAME, LIMIT)
    assert found is None or len(found) <= LIMIT + 1


@FUZZ
@given(mutated(STREAMS))
@example(b"\x1f\x8b")
def test_a_mutated_gzip_stream_is_read_or_refused(packed):
    found = read(unpacked, packed, LIMIT)
    assert found is None or found == packed or len(found) <= LIMIT + 1


def test_the_originals_are_read_to_the_byte():
    assert [read(member, archive, NAME, LIMIT) for archive in (*ARCHIVES[:2], ARCHIVES[4])] == [CONTENT] * 3
    assert [read(unpacked, packed, LIMIT) for packed in STREAMS] == [CONTENT] * 2
    assert all(len(packed) <= packed_limit(LIMIT) for packed in STREAMS)


# What hypothesis would not come upon


def forged(archive, **fields):
    """The archive with other values in the record of its one member: `method`, or its sizes `packed` and `size`."""
    places = {"method": (8, 10, "<H"), "packed": (18, 20, "<I"), "size": (22, 24, "<I")}
    content, record = bytearray(archive), archive.index(b"PK\x01\x02")
    for field, value in fields.items():
        local, central, form = places[field]
        struct.pack_into(form, content, local, value)
        struct.pack_into(form, content, record + central, value)
    return bytes(content)


BOMB = bytes(50_000_000)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_not_unpacked(method):
    found = read(member, zipped((NAME, BOMB), method=method), NAME, LIMIT)
    assert found == (bytes(LIMIT + 1) if method == zipfile.ZIP_DEFLATED else None)


def test_a_gzip_bomb_is_not_unpacked():
    assert read(unpacked, gzip.compress(BOMB), LIMIT) == bytes(LIMIT + 1)
    assert read(unpacked, gzip.compress(b"") * 1000, LIMIT) == b""


@pytest.mark.parametrize("size", [0, 1, 2**31, 2**32 - 2])
@pytest.mark.parametrize("archive", ARCHIVES[:2])
def test_an_absurd_size_in_the_record_of_a_member_costs_nothing(archive, size):
    for fields in ({"size": size}, {"packed": size}, {"size": size, "packed": size}):
        found = read(member, forged(archive, **fields), NAME, LIMIT)
        assert found is None or found[:LIMIT] == CONTENT[: len(found)]


def test_a_stream_that_asks_for_a_dictionary_of_gigabytes_is_refused():
    # Sizes of LZMA's dictionary are a promise that the decoder would keep: it takes the memory at once.
    archive = zipped((NAME, CONTENT), method=zipfile.ZIP_LZMA)
    properties = archive.index(NAME.encode()) + len(NAME) + 4
    assert archive[properties] == 0x5D
    greedy = archive[: properties + 1] + b"\xff\xff\xff\xff" + archive[properties + 5 :]
    assert read(member, greedy, NAME, LIMIT) is None


@pytest.mark.parametrize("method", [1, 12, 14, 95, 99, 0xFFFF])
def test_a_method_that_is_not_read_is_refused_by_name(method):
    with pytest.raises(Refused, match="folder/labels is neither stored nor deflated"):
        member(forged(ARCHIVES[0], method=method), NAME, LIMIT)


def test_of_two_members_with_one_name_nothing_else_is_read():
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zipped((NAME, b"first"), (NAME, CONTENT))
    assert read(member, archive, NAME, LIMIT) in (b"first", CONTENT)


@pytest.mark.parametrize("trick", ["../labels", "/etc/passwd", "C:\\labels", "labels\0.x", "", "."])
def test_a_path_is_a_name_and_leads_nowhere(tmp_path, monkeypatch, trick):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="the archive has no member"):
        member(zipped((NAME, CONTENT)), trick, LIMIT)
    member(zipped((trick or "x", CONTENT), (NAME, CONTENT)), NAME, LIMIT)
    assert not list(tmp_path.iterdir())
    assert not (tmp_path.parent / "labels").exists()


def test_checksums_within_are_verified():
    cut = zipped((NAME, CONTENT), method=zipfile.ZIP_STORED).replace(CONTENT[:50], bytes(50))
    assert read(member, cut, NAME, LIMIT) is None
    wrong = bytearray(STREAMS[0])
    wrong[-8:-4] = struct.pack("<I", zlib.crc32(b"other"))
    assert read(unpacked, bytes(wrong), LIMIT) is None
