# SPDX-License-Identifier: BSD-3-Clause
"""Several threads: one context each, at the same time; and threads the library did not start."""
import _thread
import os
import threading
import time

import mflearn
import numpy
import pytest
from conftest import endless
from mflearn import errors


def work(seed):
    with mflearn.Context(seed=seed, threads=1) as context:
        task, model = mflearn.Task.parity(context, 12, 2), mflearn.Model(context, 12, 32)
        sampler = mflearn.Sampler(model, task.draw(60), 0.2, burn_in=100, draws=20)
        return sampler.run().trace('potential')


def test_many_threads_compute_what_one_computes():
    expected, found = [work(seed) for seed in range(4)], [None] * 4

    def one(seed):
        found[seed] = work(seed)
    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(map(numpy.array_equal, expected, found))


def test_threads_are_inside_the_library_at_once():
    """Every thread waits inside a call, in its progress function, until all are there: no lock lets one in only."""
    everybody, failed = threading.Barrier(3), []

    def meet():
        with mflearn.Context(threads=1) as context:
            task, model = mflearn.Task.parity(context, 12, 2), mflearn.Model(context, 12, 32)
            sampler = endless(mflearn.Sampler(model, task.draw(60), 0.2))
            context.set_progress(lambda *_: everybody.wait(60) is not None)
            try:
                sampler.run()
            except threading.BrokenBarrierError:
                failed.append(1)
    threads = [threading.Thread(target=meet) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_python_runs_while_the_library_works(context, sampler):
    """The interpreter's lock is released: a thread counts while the main thread is in C."""
    context.set_progress(None)
    done, counted = threading.Event(), [0]

    def count():
        while not done.is_set():
            counted[0] += 1
            time.sleep(0.001)
            if counted[0] == 100:
                context.cancel()
    other = threading.Thread(target=count)
    other.start()
    endless(sampler).run()
    done.set()
    other.join()
    assert counted[0] >= 100


def test_a_thread_the_library_never_saw(context, task, model):
    """A handle of the main thread's, used by a bare thread that Python's threading module did not start either."""
    theory, told, done = mflearn.Theory(task, model), [], threading.Event()

    def solve():
        told.append(theory.solve(100, 0.2).results['m'])
        done.set()
    _thread.start_new_thread(solve, ())
    assert done.wait(60) and told == [theory.solve(100, 0.2).results['m']]


def test_two_threads_in_one_context(context, sampler):
    """The second is told so, in words that are not the first one's, and changes nothing."""
    inside, done = threading.Event(), threading.Event()

    def progress(*_):
        inside.set()
        return done.is_set()
    context.set_progress(progress)
    endless(sampler)
    other = threading.Thread(target=sampler.run)
    other.start()
    assert inside.wait(60)
    with pytest.raises(errors.BusyError, match='in use by another call'):
        mflearn.Model(context, 3, 4)
    done.set()
    other.join()
    assert mflearn.Model(context, 3, 4).shape == (3, 4)


def test_exceptions_stay_in_their_thread(task, train):
    """Callbacks of several threads fail at the same time; each thread raises its own."""
    told, together = {}, threading.Barrier(4)

    def one(number):
        def fail(z):
            together.wait(60)
            raise ValueError(number)
        with mflearn.Context(threads=1) as context:
            model = mflearn.Model(context, 12, 4)
            model.set_activation(fail)
            try:
                mflearn.Network(model)(numpy.ones((2, 12)))
            except ValueError as problem:
                told[number] = problem.args[0]
    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {number: number for number in range(4)}


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='no fork here')
def test_after_a_fork_a_context_that_had_threads_is_refused(sampler):
    sampler.run()
    child = os.fork()
    if child == 0:
        try:
            sampler.run()
        except errors.ForkError:
            os._exit(17)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 17
