import base64
import itertools
import zlib

import numpy as np
import pytest

from mythical_digit.evaluation import forward_pass
from mythical_digit.pages import quantised
from mythical_digit.pages.quantised import MOST_STEPS, fineness_of_each, finest, packed, restored


def network(hidden, seed=0, inputs=64):
    """The tensors of a network with normal weights."""
    rng, sizes = np.random.default_rng(seed), [inputs, *hidden, 10]
    tensors = {}
    for i, (before, after) in enumerate(itertools.pairwise(sizes)):
        tensors[f"layers.{i}.weight"] = rng.normal(size=(after, before)).astype(np.float32)
        tensors[f"layers.{i}.bias"] = rng.normal(size=after).astype(np.float32)
    return tensors


@pytest.mark.parametrize("fineness", [0.5, 4, 1000])
def test_no_weight_moves_by_more_than_half_a_step_and_no_bias_moves(fineness):
    tensors = network([30, 20])
    layers = quantised.quantised(tensors, fineness)
    found = restored(layers)
    assert found.keys() == tensors.keys()
    for i, layer in enumerate(layers):
        weight = tensors[f"layers.{i}.weight"]
        assert np.array_equal(found[f"layers.{i}.bias"], tensors[f"layers.{i}.bias"])
        assert layer.step == pytest.approx(max(weight.std() / fineness, np.abs(weight).max() / MOST_STEPS))
        assert found[f"layers.{i}.weight"].dtype == np.float32
        assert (np.abs(found[f"layers.{i}.weight"] - weight) <= layer.step / 2 * 1.0001).all()


def test_a_layer_without_weights_keeps_none():
    tensors = network([30])
    tensors["layers.0.weight"][:] = 0
    found = restored(quantised.quantised(tensors, 4))
    assert not found["layers.0.weight"].any()


def test_finer_levels_change_the_answers_less():
    tensors, images = network([30, 20]), np.random.default_rng(1).normal(size=(200, 64)).astype(np.float32)
    exact = forward_pass.logits(tensors, images)
    errors = [
        np.abs(forward_pass.logits(restored(quantised.quantised(tensors, fineness)), images) - exact).mean()
        for fineness in (1, 5, 25)
    ]
    assert errors[0] > 3 * errors[1] > 9 * errors[2] > 0


def test_the_text_holds_step_and_bias_of_each_layer_then_the_codes():
    layers = quantised.quantised(network([30]), 8)
    content = zlib.decompress(base64.b64decode(packed(layers)), wbits=-zlib.MAX_WBITS)
    floats = np.frombuffer(content[: 4 * (1 + 30 + 1 + 10)], "<f4")
    codes = np.frombuffer(content[4 * (1 + 30 + 1 + 10) :], np.int8)
    wanted = [np.append(layer.step, layer.bias) for layer in layers]
    assert np.array_equal(floats, np.concatenate(wanted))
    assert np.array_equal(codes, np.concatenate([layer.codes.ravel() for layer in layers]))


def test_the_same_weights_give_the_same_text():
    assert packed(quantised.quantised(network([30]), 8)) == packed(quantised.quantised(network([30]), 8))


def test_a_network_of_four_times_the_weights_has_half_the_steps():
    small, large = {"layers.0.weight": np.ones((10, 10))}, {"layers.0.weight": np.ones((10, 40))}
    assert fineness_of_each([large, small], 60) == [30, 60]


def test_as_many_levels_as_fit():
    networks = [network([60, 40], inputs=200), network([30], 1)]
    widest = sum(len(packed(layers)) for layers in finest(networks, 10**9))
    length = widest * 2 // 3
    fitting = finest(networks, length)
    assert 0.95 * length < sum(len(packed(layers)) for layers in fitting) <= length
    assert max(np.abs(layer.codes).max() for layers in finest(networks, 10**9) for layer in layers) == MOST_STEPS
    with pytest.raises(ValueError, match="2 networks do not fit into 1,000"):
        finest(networks, 1000)
