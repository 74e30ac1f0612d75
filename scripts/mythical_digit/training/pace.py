"""How far an epoch is, in the log of its training, for those who wait for it."""

import logging
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

SECONDS = 5  # between two lines

T = TypeVar("T")


def told(batches: Sequence[T], log: logging.Logger) -> Iterator[T]:
    """Yield the batches of an epoch; every few seconds, write to the log how many are done."""
    last = time.monotonic()
    for done, batch in enumerate(batches):
        if time.monotonic() - last >= SECONDS:
            last = time.monotonic()
            log.info("batch %d of %d", done, len(batches))
        yield batch
