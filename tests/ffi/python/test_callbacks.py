# SPDX-License-Identifier: BSD-3-Clause
"""Functions that the library calls: what they compute, and what happens when they raise."""
import _thread
import signal
import threading
import time

import mflearn
import numpy
import pytest
from conftest import endless
from mflearn import errors
from mflearn.enumerations import LogLevel, Stop


class Nonsense(Exception):
    pass


def fail(*_):
    raise Nonsense('as asked')


def square(z):
    return z * z, 2 * z


def test_an_activation(context, train):
    own, built_in = mflearn.Model(context, 12, 16), mflearn.Model(context, 12, 16, activation='quadratic')
    own.set_activation(square)
    first, second = mflearn.Network(own), mflearn.Network(built_in)
    for network in first, second:
        network.draw_prior(2)
    assert first(train.inputs) == pytest.approx(second(train.inputs), rel=1e-13)
    chains = mflearn.Sampler(own, train, 0.3, burn_in=20, draws=3).run()
    assert numpy.isfinite(chains.results['potential'])


def test_an_activation_outlives_its_model(context, train):
    def sampler():
        model = mflearn.Model(context, 12, 16)
        model.set_activation(lambda z: square(z))
        return mflearn.Sampler(model, train, 0.3, burn_in=20, draws=3)
    first, second = sampler(), sampler()
    assert numpy.array_equal(first.run().trace('potential'), second.run().trace('potential'))


def test_setting_another_activation_leaves_older_samplers_theirs(context, train):
    model = mflearn.Model(context, 12, 16)
    model.set_activation(square)
    network = mflearn.Network(model)
    network.draw_prior()
    expected = network(train.inputs)
    model.set_activation(fail)
    assert numpy.array_equal(network(train.inputs), expected)


def test_a_kernel(model, train):
    ridge = mflearn.Ridge(model)
    ridge.set_kernel(lambda rows, columns: rows @ columns.T + 1)
    x, y = train.inputs, train.targets
    weights = numpy.linalg.solve(x @ x.T + 1 + 0.04 * numpy.eye(60), y)
    assert ridge.fit(train, 0.2).weights == pytest.approx(weights, rel=1e-9)


def test_an_observable(sampler):
    draws = []

    def largest(network):
        draws.append(network)
        return numpy.abs(network.weights.first).max()
    kind = sampler.add_observable(largest)
    second = sampler.add_observable(lambda network: network.shape.width)
    trace = sampler.run().trace(kind)
    assert trace.shape == (2, 10) and (trace > 0).all() and (sampler.trace(second) == 32).all()
    assert len(draws) == 20 and all(draw.closed for draw in draws)
    with pytest.raises(errors.HandleError):
        draws[0].weights


def test_progress_reports_and_cancels(context, sampler):
    seen = []

    def progress(stage, fraction, seconds):
        seen.append((stage, fraction, seconds))
        return len(seen) == 2
    context.set_progress(progress)
    assert endless(sampler).run().stop is Stop.CANCELLED
    assert len(seen) >= 2 and isinstance(seen[0][0], str) and 0 <= seen[0][1] <= 1
    context.set_progress(None)
    sampler.options['draws'] = 1


def test_the_log(context):
    messages = []
    context.set_log(lambda level, message: messages.append((level, message)))
    mflearn.Dataset(context, [[1.0, 2.0], [1.0, 3.0]]).standardise()
    assert messages[0][0] is LogLevel.WARNING and 'column' in messages[0][1]
    context.set_log(None)
    mflearn.Dataset(context, [[1.0, 2.0], [1.0, 3.0]]).standardise()
    assert len(messages) == 1


def callers(context, model, train, sampler):
    """A call for each kind of callback, which then fails."""
    own = mflearn.Model(context, 12, 16)
    own.set_activation(fail)
    yield 'activation', lambda: mflearn.Network(own)(train.inputs)
    yield 'activation of chains', mflearn.Sampler(own, train, 0.2, burn_in=5, draws=2).run
    ridge = mflearn.Ridge(model)
    ridge.set_kernel(fail)
    yield 'kernel', lambda: ridge.fit(train, 0.2)
    yield 'link', lambda: mflearn.Task.function(context, 12, fail).draw(5)
    observed = mflearn.Sampler(model, train, 0.2, burn_in=5, draws=2)
    observed.add_observable(fail)
    yield 'observable', observed.run
    context.set_progress(fail)
    yield 'progress', endless(sampler).run
    context.set_progress(None)
    context.set_log(fail)
    yield 'log', mflearn.Dataset(context, [[1.0, 2.0], [1.0, 3.0]]).standardise
    context.set_log(None)


def test_exceptions_come_out_of_the_call_and_leave_the_context_usable(context, model, train, sampler, task):
    names = []
    for name, call in callers(context, model, train, sampler):
        with pytest.raises(Nonsense, match='as asked') as caught:
            call()
        assert any(entry.name == 'fail' for entry in caught.traceback), 'the traceback reaches into the callback'
        assert mflearn.Network(model).order_parameter(task) == 0
        names.append(name)
    assert len(names) == 7
    assert mflearn.Theory(task, model).solve(50, 0.3).stop is Stop.CONVERGED, 'the cancellation was taken back'


def test_a_failed_observable_can_be_tried_again(model, train):
    failing = [True]

    def sometimes(network):
        if failing:
            raise MemoryError(failing.pop())
        return 1.0
    sampler = mflearn.Sampler(model, train, 0.2, burn_in=5, draws=2)
    kind = sampler.add_observable(sometimes)
    with pytest.raises(MemoryError):
        sampler.run()
    assert (sampler.run().trace(kind) == 1).all()


@pytest.mark.parametrize('wrong', [lambda z: z, lambda z: (z, z[:-1]), lambda z: (z,), lambda z: None])
def test_an_activation_of_the_wrong_shape_is_an_exception(context, train, wrong):
    model = mflearn.Model(context, 12, 16)
    model.set_activation(wrong)
    with pytest.raises((ValueError, TypeError)):
        mflearn.Network(model)(train.inputs)


def test_calls_from_a_callback(context, task, model, train, sampler):
    def solve(network):
        with pytest.raises(errors.BusyError):
            sampler.results['potential']
        with pytest.raises(errors.ArgumentError):
            mflearn.Model(context, 0, 0)
        return mflearn.Theory(task, model).solve(50, 0.3).results['m']
    kind = sampler.add_observable(solve)
    assert numpy.ptp(sampler.run().trace(kind)) == 0


def test_ctrl_c_ends_a_long_run(context, sampler):
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        endless(sampler).run()
    timer.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    sampler.options['draws'] = 1
    assert mflearn.Network(mflearn.Model(context, 12, 4)).shape == (12, 4)


def test_ctrl_c_in_a_callback_that_is_called_all_the_time(context, train):
    model = mflearn.Model(context, 12, 16)
    model.set_activation(square)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        endless(mflearn.Sampler(model, train, 0.3)).run()
    timer.join()


def test_no_ctrl_c_is_lost(context, task, model, train, sampler):
    """Wherever it comes: between calls, in a call, in a callback, while handles end."""
    own = mflearn.Model(context, 12, 8)
    own.set_activation(square)
    network = mflearn.Network(own)
    for round in range(20):
        timer = threading.Timer(0.001 * round, _thread.interrupt_main)
        end = time.monotonic() + 20
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            while time.monotonic() < end:
                network(train.inputs)
                mflearn.Theory(task, model)
                sampler.run()
        timer.join()
    assert mflearn.Theory(task, model).solve(50, 0.3).stop is Stop.CONVERGED


def test_a_handler_of_the_host_stays_in_place(context, sampler):
    seen = []
    old = signal.signal(signal.SIGINT, lambda *_: (seen.append(1), context.cancel()))
    try:
        timer = threading.Timer(0.3, _thread.interrupt_main)
        timer.start()
        assert endless(sampler).run().stop is Stop.CANCELLED and seen == [1]
        timer.join()
    finally:
        signal.signal(signal.SIGINT, old)


def test_cancel_from_another_thread(context, sampler):
    def cancel():
        time.sleep(0.2)
        context.cancel()
    other = threading.Thread(target=cancel)
    other.start()
    assert endless(sampler).run().stop is Stop.CANCELLED
    other.join()
    context.resume()
