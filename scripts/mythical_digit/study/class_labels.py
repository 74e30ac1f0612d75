"""What a data set says of its labels and images beside their number. The defaults of these keys are here alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Names = Sequence[str] | None  # one per class, from class 0 on; None: classes are called by their number


@dataclass(frozen=True)
class Layout:
    """How the IDX files of a data set are to be read: `Layout(**block)`, of a block that `layout` returns.

    first_label  the label of the first class; classes are numbered from 0 in all that is made
    transposed   whether each image is stored with rows and columns exchanged
    """

    first_label: int = 0
    transposed: bool = False


def layout(dataset: Mapping) -> dict:
    """The keys of a data set in config.yaml that say how its files are to be read; what is missing has its default."""
    return {key: dataset[key] for key in Layout.__dataclass_fields__ if key in dataset}


def short(label: int, names: Names) -> str:
    """A class where there is little room: 3, or Coat."""
    return names[label] if names else str(label)


def in_words(label: int, names: Names) -> str:
    """A class within a sentence: class 3, or Coat."""
    return names[label] if names else f"class {label}"


def called(classes: Sequence[int], names: Names) -> list[int] | list[str]:
    """The classes by their names, if they have any."""
    return [names[label] for label in classes] if names else list(classes)


def opening(words: str) -> str:
    """Words at the start of a sentence: Class 3, T-shirt."""
    return words[:1].upper() + words[1:]
