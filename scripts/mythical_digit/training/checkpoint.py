"""A checkpoint after each epoch: a job that was killed goes on where it stood, and ends with the same bytes."""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from mythical_digit.errors import UserError
from mythical_digit.files.tensors import digests, load_tensors, save_tensors
from mythical_digit.training.adam import Adam
from mythical_digit.training.network import Mlp
from mythical_digit.training.randomness import DropoutMasks, state_of

Streams = Mapping[str, np.random.Generator]
RECORD = "record"  # the name of the array that holds what is not a tensor, as JSON


class Checkpoint:
    """The state of one training after its last whole epoch, in a hidden file beside the model that it will become.

    Snakemake deletes the outputs of a job that did not end well, and knows nothing of this file. What the training
    follows from, its params (code, recipe, seed) and the content of its inputs, is written into it; a checkpoint of
    anything else, or a damaged one, is not resumed.
    """

    def __init__(self, model_path: str | Path, params: Mapping, inputs: list[str], log: logging.Logger):
        self.path = Path(model_path).with_name(".checkpoint.safetensors")
        self.log = log
        versions = {"torch": torch.__version__, "numpy": np.__version__}
        origin = [dict(params), [digests(path) for path in inputs], versions]
        self.origin = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()

    def save(self, history: list[tuple], model: Mlp, optimiser: Adam, streams: Streams, dropout: DropoutMasks) -> None:
        """Write the state after the last epoch of `history`, whole or not at all."""
        states = {name: state_of(rng) for name, rng in streams.items()}
        record = {"origin": self.origin, "history": history, "streams": states, "dropout": dropout.state()}
        arrays = {name: tensor.detach().cpu().numpy() for name, tensor in _tensors(model, optimiser).items()}
        save_tensors(self.path, arrays | {RECORD: np.frombuffer(json.dumps(record).encode(), np.uint8)})

    def resume(self, model: Mlp, optimiser: Adam, streams: Streams, dropout: DropoutMasks) -> list[tuple]:
        """Bring everything to the state of the checkpoint and return its history; without one, do nothing: []."""
        if not self.path.exists():
            return []
        try:
            arrays = load_tensors(self.path)
        except UserError as error:
            self.log.info("not resumed: %s", error)
            return []
        record = json.loads(arrays.pop(RECORD).tobytes())
        if record["origin"] != self.origin:
            self.log.info("not resumed: %s is of other code, config, data or packages", self.path)
            return []
        with torch.no_grad():
            for name, tensor in _tensors(model, optimiser).items():
                tensor.copy_(torch.from_numpy(arrays[name]))
        for name, rng in streams.items():
            rng.bit_generator.state = record["streams"][name]
        dropout.restore(record["dropout"])
        self.log.info("resumed after epoch %d", len(record["history"]))
        return [tuple(row) for row in record["history"]]

    def remove(self) -> None:
        """Delete the checkpoint, once the model stands under its name."""
        self.path.unlink(missing_ok=True)


def _tensors(model: Mlp, optimiser: Adam) -> dict[str, torch.Tensor]:
    """All tensors that training changes, by name."""
    moments = {"mean": optimiser.means, "square": optimiser.squares, "step": optimiser.steps}
    moments = {f"adam.{kind}.{i}": tensor for kind, tensors in moments.items() for i, tensor in enumerate(tensors)}
    return {**model.state_dict(), **moments}
