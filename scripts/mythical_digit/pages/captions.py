"""The captions of report/ as HTML for what is published, where no rule is there to ask for its params."""

import html
import re
from collections.abc import Mapping

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import UndefinedError

from mythical_digit.errors import UserError
from mythical_digit.study import experiments
from mythical_digit.study.class_labels import called


def caption(text: str, wildcards: Mapping[str, str], manifest: Mapping | None, given: Mapping[str, object]) -> str:
    """A caption, a template in reStructuredText, as paragraphs in HTML.

    `wildcards` are those of the path, `manifest` that of the experiment; if it has none, `given` is the block of
    config.yaml that it is drawn by. Raises UserError if the caption asks for something else.
    """
    params = _params(wildcards, manifest["config"]) if manifest else {**given, "label": given.get("class")}
    template = Template(text, undefined=StrictUndefined)
    try:
        filled = template.render(snakemake={"wildcards": wildcards, "params": params, "input": {}})
    except UndefinedError as error:
        raise UserError(
            f"a caption in report/ needs what the site does not know ({error}); add it to {__name__}"
        ) from error
    paragraphs = [" ".join(block.split()) for block in filled.strip().split("\n\n")]
    return "\n".join(f"<p>{_inline(paragraph)}</p>" for paragraph in paragraphs)


class _Classes(list):
    """Classes that a caption may join, or write as they are."""

    def __str__(self) -> str:
        return ", ".join(map(str, self))

    def __index__(self) -> int:  # of a single one, to look up its name
        (label,) = self
        return label


def _inline(text: str) -> str:
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", html.escape(text, quote=False))


def _params(wildcards: Mapping[str, str], config: Mapping[str, Mapping]) -> dict[str, object]:
    """What rules/params.smk would say of a published experiment."""
    block = experiments.expanded(config["experiment"])
    of_all = {model: experiments.label(block, model) for model in experiments.models(block)}
    trained, names = experiments.trained_models(block), config.get("dataset", {}).get("class_names")
    params = {
        "labels": of_all if "model" in wildcards else {model: of_all[model] for model in trained},
        "seed": block["seeds"][0],
        "held_out": block.get("held_out", 0),
        "names": names,
        "classes": called(next((each["classes"] for each in block["bias"].values()), []), names),
    }
    if arm := wildcards.get("arm"):
        omitted = _Classes(block["arms"][arm]["omit"])
        distillation = experiments.distillation(block, arm) or {}
        params |= {"labels": of_all, "omitted": omitted, "bias": block["bias"].get(arm, {})}
        params |= {"temperature": distillation.get("temperature")}
    if "steps" in block:
        params["steps"] = experiments.steps_of(block)
    if "teacher_seeds" in block:
        params |= {"seeds": block["seeds"], "teacher_seeds": block["teacher_seeds"]}
    if "sweep" in block:
        students = experiments.swept_students(block)
        params |= {"students": students, "parameter": list(block["sweep"])[-1].partition(".")[2]}
    return params
