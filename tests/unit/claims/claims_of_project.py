"""The claims of the repository, its experiments, and measurements to invent for them."""

import yaml
from project import ROOT

from mythical_digit.claims import published_claims as claimed
from mythical_digit.study import experiments
from mythical_digit.study.config import completed

CONFIG = completed(yaml.safe_load((ROOT / "config.yaml").read_text()))
BLOCKS = {name: experiments.expanded(block) for name, block in CONFIG["experiments"].items()}
CLAIMS = claimed.read_claims(ROOT / "reference/claims.yaml")
LABELS = {
    name: {model: experiments.label(BLOCKS[name], model) for model in experiments.models(BLOCKS[name])}
    for name in claimed.experiments_of(CLAIMS)
}
NUMBERS = {number.id: number for number in claimed.numbers(CLAIMS, LABELS)}
