"""Gzip streams that are mutated, cut, bombs or lies: read to the byte or refused, and never at a cost."""

import gzip
import random
import struct
import tracemalloc
import zlib
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mythical_digit.data.unpacking import packed_limit, unpacked
from mythical_digit.data.web import Refused

CONTENT = random.Random(0).randbytes(100) + bytes(900)
LIMIT = len(CONTENT)
# What a reader may hold on top of the bytes that it returns: a few copies of its input, and its own blocks.
OVERHEAD = 1_000_000
FUZZ = settings(max_examples=400, deadline=timedelta(seconds=5), database=None)


def read(packed):
    """What `unpacked` returns, or None if it refuses; it may hold no more memory than the limit allows."""
    tracemalloc.start()
    try:
        return unpacked(packed, LIMIT)
    except Refused:
        return None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < OVERHEAD, f"{peak} bytes held"


STREAMS = [gzip.compress(CONTENT, mtime=0), gzip.compress(CONTENT[:10], mtime=0) + gzip.compress(CONTENT[10:], mtime=0)]


@st.composite
def mutated(draw, originals):
    """One of the originals with bytes changed (mostly at the ends, where the headers are), cut out or put in."""
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
@given(mutated(STREAMS))
@example(b"\x1f\x8b")
def test_a_mutated_gzip_stream_is_read_or_refused(packed):
    found = read(packed)
    assert found is None or found == packed or len(found) <= LIMIT + 1


def test_the_originals_are_read_to_the_byte():
    assert [read(packed) for packed in STREAMS] == [CONTENT] * 2
    assert all(len(packed) <= packed_limit(LIMIT) for packed in STREAMS)


def test_a_bomb_is_not_unpacked():
    assert read(gzip.compress(bytes(50_000_000))) == bytes(LIMIT + 1)
    assert read(gzip.compress(b"") * 1000) == b""


def test_the_checksum_within_is_verified():
    wrong = bytearray(STREAMS[0])
    wrong[-8:-4] = struct.pack("<I", zlib.crc32(b"other"))
    assert read(bytes(wrong)) is None
