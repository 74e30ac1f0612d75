"""Compute the teacher's logits on the training images, once for all students and temperatures: (n, classes) float32."""

import torch

from mythical_digit.data import prepared
from mythical_digit.files import origin
from mythical_digit.files.tensors import load_tensors, save_tensors
from mythical_digit.training import numerics
from mythical_digit.training.loop import predict
from mythical_digit.training.network import Mlp
from mythical_digit.workflow.job_log import logged

if __name__ == "__main__":
    params = snakemake.params
    with logged(snakemake.log[0]):
        made_from = origin.of_job(snakemake, snakemake.output[0])
        device = numerics.set_up(params.compute, threads=1)
        images, _ = prepared.load_split(snakemake.input.data, "train", params.normalisation)
        teacher = Mlp.from_tensors(load_tensors(snakemake.input.model)).to(device)
        logits = predict(teacher, torch.from_numpy(images).to(device), params.compute["precision"])
        save_tensors(snakemake.output[0], {"train_logits": logits.cpu().numpy()}, made_from)
