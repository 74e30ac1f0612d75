"""A checkpoint after each epoch: a killed job goes on from the last one and ends with the same bytes."""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from mythical_digit.errors import UserError
from mythical_digit.files.tensors import digests, load_tensors, save_tensors
from mythical_digit.training.history import Epoch
from mythical_digit.training.randomness import state_of
from mythical_digit.training.state import State

RECORD = "record"  # the name of the array that holds what is not a tensor, as JSON


class Checkpoint:
    """The state of one training after its last whole epoch, in a hidden file next to the model that it will become.

    Snakemake deletes the outputs of a job that failed, but knows nothing of this file. The file says what the training
    follows from: its params (code, recipe, seed), the content of its inputs, the versions of torch and NumPy, the
    device. A checkpoint of anything else, or a damaged one, is not resumed.
    """

    def __init__(self, model_path: str | Path, params: Mapping, inputs: list[str], log: logging.Logger):
        self.path = Path(model_path).with_name(".checkpoint.safetensors")
        self.log = log
        versions = {"torch": torch.__version__, "numpy": np.__version__}
        origin = [dict(params), [digests(path) for path in inputs], versions]
        self.origin = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()

    def save(self, state: State) -> None:
        """Write the state, whole or not at all."""
        streams = {name: state_of(rng) for name, rng in state.streams.items()}
        record = {"origin": self.origin, "device": state.device.type, "history": state.history}
        record |= {"streams": streams, "dropout": state.masks.state()}
        arrays = {name: tensor.detach().cpu().numpy() for name, tensor in state.tensors().items()}
        save_tensors(self.path, arrays | {RECORD: np.frombuffer(json.dumps(record).encode(), np.uint8)})

    def resume(self, state: State) -> None:
        """Bring a state to that of the checkpoint; change nothing if there is none of this training."""
        if not self.path.exists():
            return
        try:
            arrays = load_tensors(self.path)
        except UserError as error:
            self.log.info("not resumed: %s", error)
            return
        record = json.loads(arrays.pop(RECORD).tobytes())
        if record["origin"] != self.origin:
            self.log.info("not resumed: %s is of other code, config, data or packages", self.path)
            return
        if record["device"] != state.device.type:
            self.log.info("not resumed: %s is of a training on %s", self.path, record["device"])
            return
        with torch.no_grad():
            for name, tensor in state.tensors().items():
                tensor.copy_(torch.from_numpy(arrays[name]))
        for name, rng in state.streams.items():
            rng.bit_generator.state = record["streams"][name]
        state.masks.restore(record["dropout"])
        state.history = [Epoch(*row) for row in record["history"]]
        self.log.info("resumed after epoch %d", len(state.history))

    def remove(self) -> None:
        """Delete the checkpoint, once the model is written."""
        self.path.unlink(missing_ok=True)
