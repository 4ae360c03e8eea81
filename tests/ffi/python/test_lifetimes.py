# SPDX-License-Identifier: BSD-3-Clause
"""Handles end when nothing needs them, in any order, from any thread, and once."""
import gc
import subprocess
import sys
import threading
import weakref

import mflearn
import pytest
from mflearn import errors


def test_closing_twice_is_harmless_and_a_closed_handle_an_exception(context, model, task):
    network = mflearn.Network(model)
    with network as same:
        assert same is network and not network.closed
    assert network.closed and 'closed' in repr(network)
    network.close()
    for use in (lambda: network.shape, lambda: network.draw_prior(), lambda: network.weights,
                lambda: network.options, network.__enter__, lambda: network.order_parameter(task)):
        with pytest.raises(errors.HandleError, match='Network was closed'):
            use()
    with pytest.raises(errors.HandleError):
        task.close()
        mflearn.Theory(task, model)
    with pytest.raises(errors.HandleError):
        context.close()
        mflearn.Model(context, 2, 2)


def test_handles_outlive_their_context(model, train):
    model.context.close()
    network = mflearn.Network(model)
    network.draw_prior()
    assert network(train.inputs).shape == (60,)
    with pytest.raises(errors.ArgumentError, match='index'):
        network.draw_prior(-1)


def test_options_outlive_the_handle_they_are_of(context):
    options = mflearn.Model(context, 3, 4).options
    gc.collect()
    options['gamma'] = 1
    assert options['gamma'] == 1


def test_nothing_waits_for_the_garbage_collector():
    """References form no cycles: everything goes with its last name, the context with its progress function too."""
    gc.disable()
    try:
        context = mflearn.Context()
        model = mflearn.Model(context, 12, 8)
        model.set_activation(lambda z: (z, 0 * z + 1))
        train = mflearn.Task.parity(context, 12, 1).draw(20)
        sampler = mflearn.Sampler(model, train, 0.5, burn_in=2, draws=2)
        sampler.add_observable(lambda network: 1.0)
        sampler.run()
        owned = [weakref.ref(handle._owned) for handle in (sampler, train, model, context)]
        del sampler, train, model, context
        assert [reference() for reference in owned] == [None] * 4
    finally:
        gc.enable()


def test_an_exception_of_a_callback_keeps_nothing_alive(model, train):
    def fail(network):
        raise ValueError

    def run():
        sampler = mflearn.Sampler(model, train, 0.5, burn_in=2, draws=2)
        sampler.add_observable(fail)
        owned.append(weakref.ref(sampler._owned))
        sampler.run()
    owned = []
    gc.disable()
    try:
        run()
    except ValueError:
        pass
    finally:
        gc.enable()
    assert owned[0]() is None


def test_a_cycle_through_a_callback_is_collected():
    context = mflearn.Context()
    context.set_progress(lambda *_, itself=context: itself is None)
    owned = weakref.ref(context._owned)
    gc.disable()
    del context
    assert owned() is not None
    gc.enable()
    gc.collect()
    assert owned() is None


def test_a_refused_option_leaves_no_handle_behind(context):
    with pytest.raises(errors.OptionError):
        mflearn.Model(context, 3, 4, colour='red')


def test_collected_by_another_thread_while_the_context_is_busy(context, sampler, model):
    """Destroying is allowed from any thread at any time."""
    networks, working = [mflearn.Network(model) for _ in range(50)], threading.Event()

    def drop(*_):
        working.set()
        return not networks
    context.set_progress(drop)
    sampler.options.update(draws=10 ** 6, thinning=100)
    other = threading.Thread(target=lambda: (working.wait(60), networks.clear()))
    other.start()
    sampler.run()
    other.join()
    assert not networks


def test_closing_while_another_thread_is_inside(context, sampler):
    inside = threading.Event()

    def close(*_):
        inside.set()
        return sampler.closed
    context.set_progress(close)
    sampler.options.update(draws=10 ** 6, thinning=100)
    other = threading.Thread(target=lambda: (inside.wait(60), sampler.close()))
    other.start()
    sampler.run()
    other.join()
    assert sampler.closed


def test_leaving_with_everything_open():
    program = ('import mflearn\ncontext = mflearn.Context()\nmodel = mflearn.Model(context, 4, 4)\n'
               'model.set_activation(lambda z: (z, z))\ndata = mflearn.Dataset(context, [[1.0, 2, 3, 4]])\n'
               'inputs = data.inputs\ncontext.close()\nprint(inputs.sum())')
    ended = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, '10.0\n', '')
