"""Tables in LaTeX."""

from collections.abc import Sequence

from mythical_digit.tables.markdown import Section

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "±": r"$\pm$",
        "−": "$-$",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


def latex(tables: Sequence[Section], ruled: str) -> str:
    """Write the tables as LaTeX floats for the package booktabs, with a rule above the row headed `ruled`.

    Raises ValueError if a table has no such row.
    """
    blocks = [r"% Needs \usepackage{booktabs}."]
    for table in tables:
        caption = f"{table.title}. {table.caption}".translate(SPECIAL)
        head, *body = [
            " & ".join(cell.translate(SPECIAL) for cell in line) + r" \\"
            for line in [list(table.columns), *zip(*table.columns.values(), strict=True)]
        ]
        above = next(iter(table.columns.values())).index(ruled)
        blocks += [
            r"\begin{table}",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            rf"\caption{{{caption}}}",
            rf"\begin{{tabular}}{{l{'r' * (len(table.columns) - 1)}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body[:above],
            r"\midrule",
            *body[above:],
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    return "\n".join(blocks) + "\n"
