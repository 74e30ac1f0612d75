"""The verdicts as a figure: conclusions on top, then each published number in half-widths of our interval."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mythical_digit.claims.intervals import ALPHA
from mythical_digit.claims.judging import Judged, Result
from mythical_digit.claims.text import MARKS, effect, ours, printed
from mythical_digit.claims.verdicts import Finding, Verdict
from mythical_digit.figures.style import DARK_GREY, LIGHT_GREY, PALETTE, WIDTH

GREY = "#808080"
AGREES, NEARLY, DIFFERS, CONTRADICTS = PALETTE[0], PALETTE[4], "#882255", PALETTE[3]
# A shape and a colour each, so that they can be told apart in grey too.
STYLES: dict[Verdict, dict] = {
    Verdict.REPRODUCED: {"color": AGREES, "marker": "o"},
    Verdict.COMPATIBLE: {"color": NEARLY, "marker": "s"},
    Verdict.HIGHER: {"color": DIFFERS, "marker": "<"},
    Verdict.LOWER: {"color": DIFFERS, "marker": ">"},
    Verdict.CONTRADICTS_ITSELF: {"color": CONTRADICTS, "marker": "X"},
    Verdict.UNDECIDED: {"color": GREY, "marker": "D"},
}
FINDINGS = {Finding.HOLDS: ("✓", AGREES), Finding.FAILS: ("✗", DIFFERS), Finding.UNDECIDED: ("?", GREY)}
# Behind words that a line crosses; outlines of letters would make the file several times as large.
BEHIND = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.5}
DOT = {"markersize": 3.3, "markeredgewidth": 0, "linestyle": "", "clip_on": False, "zorder": 3}
FARTHEST = 4.0  # half-widths: what lies farther away is drawn at the edge
BIN = 0.07  # half-widths: dots nearer than that are stacked
MOST_NAMED = 8  # outliers of a family
PILE = 0.36  # lines: from a dot to the one on it
LINE = 0.155  # inches: the height of a line
WORDS = {"fontsize": 6.5, "va": "center", "in_layout": False}


@dataclass(frozen=True)
class Dot:
    """A number in its place: `x` in half-widths, `line` from the top; one that is named has a line of its own."""

    result: Result
    x: float
    line: float
    named: bool


def draw(results: Sequence[Result], judged: Sequence[Judged]) -> Figure:
    """Draw the conclusions as a list, and the numbers that count, by family; those without an interval are left out."""
    kept = [result for result in results if result.counts and np.isfinite(result.low)]
    families: dict[str, list[Result]] = {}
    for result in kept:
        families.setdefault(result.number.family, []).append(result)
    placed, lines = list(_place(families)), 0.0
    if placed:
        lines = placed[-1][2]
    heights = [LINE * (len(judged) + 3.5), max(LINE * lines, 0.3) + 0.65]
    figure = Figure(figsize=(WIDTH, sum(heights)))
    top, below = figure.subfigures(2, 1, height_ratios=heights)
    draw_conclusions(top.subplots(), judged)
    draw_numbers(below.subplots(), placed, lines)
    return figure


def position(result: Result) -> float:
    """Where the published number lies, at most FARTHEST off: 0 is our mean, -1 and 1 are the ends of our interval.

    Of the numbers that round to what was printed, the nearest to our mean is taken, as for the verdict.
    """
    gap = result.number.value - result.mean
    gap -= np.clip(gap, -result.number.rounding, result.number.rounding)
    if gap == 0:
        return 0.0
    width = result.high - result.mean if gap > 0 else result.mean - result.low
    return float(np.clip(gap / width, -FARTHEST, FARTHEST)) if width > 0 else float(np.copysign(FARTHEST, gap))


def _place(families: dict[str, list[Result]]) -> Iterator[tuple[str, list[Dot], float]]:
    """Each family's name, its dots, and the line where it ends: dots stacked, then outliers on a line each."""
    line = 0.0
    for name, results in families.items():
        outliers = [result for result in results if result.p <= ALPHA]
        named = sorted(outliers, key=lambda result: -abs(position(result)))[:MOST_NAMED]
        places = {id(result) for result in named}
        bins = Counter()
        stacked = []
        for result in sorted(results, key=position):
            if id(result) not in places:
                column = int(position(result) / BIN)
                stacked.append((result, column * BIN, bins[column]))
                bins[column] += 1
        height = PILE * max(bins.values(), default=0)
        dots = [Dot(result, x, line + 0.5 + height - PILE * level, named=False) for result, x, level in stacked]
        line += 1.1 + max(height, 0.8 * len({result.verdict for result in results}))
        for result in sorted(named, key=position):
            dots.append(Dot(result, position(result), line, named=True))
            line += 1
        line += 0.2
        yield name, dots, line


def draw_conclusions(axes: Axes, judged: Sequence[Judged]) -> None:
    """Draw how many conclusions hold, large, then each on a line, with what was measured."""
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(judged) + 0.2, -2.6))
    counts = Counter(found.finding for found in judged)
    axes.text(0, -1.7, f"{len(judged)} conclusions:", fontsize=11, fontweight="bold", va="center", in_layout=False)
    for x, (finding, (sign, colour)) in zip((0.255, 0.42, 0.69), FINDINGS.items(), strict=True):
        words = f"{sign} {counts[finding]} {'hold' if finding == Finding.HOLDS else finding}"
        words = words.replace("does not hold", "do not hold")
        axes.text(x, -1.7, words, fontsize=11, fontweight="bold", color=colour, va="center", in_layout=False)
    for line, found in enumerate(judged):
        sign, colour = FINDINGS[found.finding]
        axes.text(0.008, line, sign, color=colour, fontweight="bold", ha="center", **{**WORDS, "fontsize": 8})
        axes.text(0.025, line, found.says, **WORDS)
        shown = effect(found) if found.about is not None else f"n = {found.n}, see the table"
        axes.text(1, line, shown, ha="right", color=colour, **WORDS)


def draw_numbers(axes: Axes, placed: Sequence[tuple[str, list[Dot], float]], lines: float) -> None:
    """Draw the numbers of each family on one linear axis."""
    axes.axvspan(-1, 1, color=LIGHT_GREY, zorder=0)
    axes.axvline(0, color=DARK_GREY, linewidth=0.7, zorder=1)
    start = 0.0
    for name, dots, end in placed:
        if start:
            axes.axhline(start - 0.2, color=DARK_GREY, linewidth=0.4, zorder=0)
        counts = Counter(dot.result.verdict for dot in dots)
        told = [f"{counts[verdict]} {verdict}" for verdict in MARKS if counts[verdict]]
        axes.text(-FARTHEST, start + 0.5, name, **{**WORDS, "fontsize": 8, "fontweight": "bold"})
        axes.text(FARTHEST, start + 0.5, "\n".join(told), **{**WORDS, "va": "top", "ha": "right"})
        for dot in dots:
            axes.plot(dot.x, dot.line, **DOT, **STYLES[dot.result.verdict])
            if dot.named:
                words = f"{dot.result.number.says}: {printed(dot.result.number)}, ours {ours(dot.result)}"
                side = {"ha": "right", "x": dot.x - 0.1} if dot.x > 0 else {"ha": "left", "x": dot.x + 0.1}
                axes.text(y=dot.line, s=words, **side, **WORDS, bbox=BEHIND)
        start = end
    ticks = range(-int(FARTHEST), int(FARTHEST) + 1)
    names = [f"{tick}".replace("-", "−") for tick in ticks]
    names[0], names[-1] = f"≤ {names[0]}", f"≥ {names[-1]}"
    axes.set(xlim=(-FARTHEST, FARTHEST), ylim=(max(lines, 1), -0.3), yticks=[], xticks=list(ticks), xticklabels=names)
    axes.spines["left"].set_visible(False)
    shown = Counter(dot.result.verdict for _, dots, _ in placed for dot in dots)
    handles = [
        Line2D([], [], **DOT, **STYLES[verdict], label=f"{shown[verdict]} {verdict}")
        for verdict in MARKS
        if shown[verdict]
    ]
    seeds = sorted({dot.result.n for _, dots, _ in placed for dot in dots})
    what = f"n = {' or '.join(map(str, seeds))} seeds" if seeds else "one seed has no interval: no number can be placed"
    axes.set_xlabel(
        "Published number, in half-widths of the 95 % prediction interval of one run of ours\n"
        f"(0: our mean; −1 and 1: the interval's ends; {what})"
    )
    if handles:
        place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": len(handles)}
        axes.legend(handles=handles, **place, fontsize=7, handletextpad=0.1, columnspacing=1)
