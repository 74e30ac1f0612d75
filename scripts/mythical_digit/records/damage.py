"""Files that are not what they were when they were written."""

from pathlib import Path

from mythical_digit.errors import UserError
from mythical_digit.evaluation.metrics import DIVERGED, read_record
from mythical_digit.files.records import read_csv, read_json
from mythical_digit.files.tensors import load_tensors


def damage(path: Path) -> str | None:
    """What is wrong with a file that tells by itself, or by those that it was made from; None if nothing is seen.

    Tensors have their own checksum, metrics.json follows from its confusion matrix, metrics.csv from all metrics.json.
    """
    try:
        if path.suffix == ".safetensors":
            load_tensors(path)
        elif path.name == "metrics.json":
            read_record(path, search=True)
        elif path.name == "metrics.csv":
            return _damage_of_metrics(path)
    except UserError as error:
        return str(error)
    return None


def _damage_of_metrics(path: Path) -> str | None:
    rows = read_csv(path)
    if not rows:
        return f"{path}: damaged (no rows)"
    try:
        for row in rows:
            source = path.parent / f"seed-{row['seed']}" / row["model"] / "metrics.json"
            of = f"model {row['model']}, seed {row['seed']}, class {row['class']}"
            if not source.exists():
                return f"{path}: damaged ({of}: there is no {source})"
            record = read_json(source)
            accuracy = DIVERGED if record.get(DIVERGED) else record["class_accuracy"][int(row["class"])]
            accuracy = "" if accuracy is None else str(accuracy)  # of a class without images
            if row["accuracy"] != accuracy:
                return f"{path}: damaged ({of}: {row['accuracy']}, but {accuracy} in {source})"
    except (KeyError, IndexError, TypeError, ValueError):
        return f"{path}: damaged (not a table of the accuracies in the metrics.json of its models)"
    return None
