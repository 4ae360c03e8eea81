# SPDX-License-Identifier: BSD-3-Clause
"""Every handle does its work, and the numbers are right where they are known."""
import ctypes
import math
import re

import mflearn
import numpy
import pytest
from mflearn import _declarations, _methods, enumerations, errors
from mflearn.enumerations import InputLaw, OptionType, Role, Stop, TaskKind


def test_context(context):
    assert (context.threads, context.options['seed'], context.context) == (2, 7, context)
    assert context.provenance.startswith(f'mflearn {mflearn.__version__}')
    assert context.instruction_set.name in ('baseline', 'avx2', 'avx512')
    assert isinstance(mflearn.has_feature('hdf5'), bool)
    with pytest.raises(errors.ArgumentError):
        mflearn.has_feature('flight')


def test_options_are_a_mapping(model):
    options = model.options
    assert set(options) == {'gamma', 'sigma_w', 'sigma_a', 'activation', 'leak'}
    assert len(options) == 5 and options['activation'] == 'relu' and 'gamma' in options and 'nope' not in options
    options['gamma'] = 1
    options['activation'] = 'erf'
    assert (options['gamma'], options['activation'], options[2001]) == (1.0, 'erf', 1.0)
    options['activation'] = enumerations.Activation.TANH
    gamma, activation = options.describe('gamma'), options.describe('activation')
    assert (gamma.type, gamma.least, gamma.most, gamma.default, gamma.value, gamma.is_set) == \
        (OptionType.DOUBLE, 0.0, 2.0, 0.5, 1.0, True)
    assert (activation.choices[0], activation.value, activation.default) == ('relu', 'tanh', 'relu')
    del options['gamma']
    assert options['gamma'] == 0.5 and not options.describe('gamma').is_set
    assert 'activation=tanh' in str(options)
    for name, value, wrong in [('nope', 1, KeyError), ('gamma', 3, ValueError), ('activation', 'step', ValueError),
                               ('activation', 1.5, TypeError)]:
        with pytest.raises(wrong):
            options[name] = value


def test_tasks(context):
    parity = mflearn.Task.parity(context, 6, 3)
    parity.set_support([5, 1, 2])
    x = numpy.where(numpy.random.default_rng(1).random((9, 6)) < 0.5, -1.0, 1.0)
    assert parity.shape == (TaskKind.PARITY, 6, 3)
    assert numpy.array_equal(parity.evaluate(x), x[:, 1] * x[:, 2] * x[:, 5])
    assert parity.moments == (0.0, 1.0, 0.0)
    hermite = mflearn.Task.hermite(context, 3, 2)
    hermite.set_direction([0, 3, 4])
    z = x[:, :3] @ [0, 0.6, 0.8]
    assert numpy.allclose(hermite.evaluate(x[:, :3]), (z * z - 1) / math.sqrt(2), rtol=1e-14)
    assert numpy.array_equal(mflearn.Task.relu(context, 6).evaluate(x), numpy.maximum(x[:, 0], 0))
    stairs = mflearn.Task.sum(context, 6, [[1, 0], [1, 1]], [1, 0.5])
    assert stairs.options['input_law'] == InputLaw.HYPERCUBE.name.lower()
    assert numpy.array_equal(stairs.evaluate(x), x[:, 0] + x[:, 0] * x[:, 1] / 2)
    stairs.options['input_law'] = 'gaussian'
    stairs.set_directions(numpy.eye(6)[[3, 4]])
    assert numpy.allclose(stairs.evaluate(x), x[:, 3] + x[:, 3] * x[:, 4] / 2)
    hermite.set_covariance(numpy.diag([1.0, 2.0, 3.0]))
    assert hermite.options['input_law'] == 'correlated'
    assert mflearn.Task.function(context, 6, numpy.cos).evaluate(x) == pytest.approx(numpy.cos(x[:, 0]), rel=1e-15)


def test_datasets(context, task, tmp_path):
    drawn = mflearn.Dataset.draw(task, 20, label_noise=0.5, role=Role.TEST)
    assert len(drawn) == 20 and drawn.shape == (20, 12) and drawn.inputs.shape == (20, 12)
    assert numpy.array_equal(drawn.clean_targets, task.evaluate(drawn.inputs))
    assert not numpy.array_equal(drawn.targets, drawn.clean_targets)
    assert numpy.array_equal(drawn.copy_inputs(), drawn.inputs)
    assert numpy.array_equal(drawn.copy_targets(), drawn.targets)
    assert numpy.array_equal(drawn.take([3, 3, 0]).targets, drawn.targets[[3, 3, 0]])
    train, rest = drawn.split(15)
    assert (len(train), len(rest)) == (15, 5)
    with pytest.raises(errors.StateError):
        drawn.standardisation
    standard = train.standardise(True)
    shift = standard.standardisation
    assert numpy.allclose(standard.inputs * shift.scale + shift.mean, train.inputs, atol=1e-14)
    assert numpy.allclose(standard.targets * shift.target_scale + shift.target_mean, train.targets)
    assert rest.standardise_like(standard).shape == rest.shape
    table = tmp_path / 'täble.csv'
    table.write_text('a,b,y\n1,2,3\n4,5,6\n', encoding='utf-8')
    read = mflearn.Dataset.read_csv(context, table, target='b')
    assert read.names == ['a', 'y', 'b'] and numpy.array_equal(read.targets, [2, 5])
    assert mflearn.Dataset.read_csv(context, str(table), '').shape.columns == 3
    numpy.save(tmp_path / 'x.npy', numpy.arange(6.0).reshape(2, 3))
    assert numpy.array_equal(mflearn.Dataset.read_npy(context, tmp_path / 'x.npy').targets, [2, 5])
    with pytest.raises(OSError, match='no_such_file'):
        mflearn.Dataset.read_csv(context, tmp_path / 'no_such_file')


def test_networks(model, task, train, tmp_path):
    network = mflearn.Network(model)
    assert network.shape == (12, 32) and not network.weights.first.any()
    network.draw_prior()
    first, readout = network.weights
    expected = numpy.maximum(train.inputs @ first.T, 0) @ readout / math.sqrt(32)
    assert numpy.allclose(network(train.inputs), expected, rtol=1e-13)
    potential = network.potential(train, 0.2)
    by_hand = (((train.targets - expected) ** 2).sum() / (2 * 0.2 ** 2) + 6 * (first ** 2).sum()
               + (readout ** 2).sum() / 2)
    assert potential.value == pytest.approx(by_hand, rel=1e-12) and potential.gradient.first.shape == (32, 12)
    network.weights = first, readout + 1e-6 * (numpy.arange(32) == 5)
    assert network.potential(train, 0.2).value - potential.value == pytest.approx(
        1e-6 * potential.gradient.readout[5], rel=1e-3)
    network.plant(task)
    assert network.order_parameter(task) == pytest.approx(1, abs=1e-12)
    assert abs(network.measure_order_parameter(task, train).order_parameter - 1) < 1
    network.save(tmp_path / 'network')
    loaded = mflearn.Network.load(model.context, tmp_path / 'network')
    assert all(map(numpy.array_equal, loaded.weights, network.weights))
    with pytest.raises(errors.SizeError):
        network.weights = first[:, 1:], readout


def test_samplers(sampler, model, task, tmp_path):
    test = task.draw(30, role='test')
    sampler.set_task(task)
    sampler.set_test(test)
    same = mflearn.Sampler(model, task.draw(60, 0.1, 3), 0.2, task=task, test=test, burn_in=50, draws=10, thinning=2)
    with pytest.raises(errors.StateError):
        sampler.predictions
    assert sampler.run() is sampler and sampler.stop is Stop.COMPLETED
    results = sampler.results
    assert results['draws_total'] == results['DRAWS_TOTAL'] == results[enumerations.SamplerResult.DRAWS_TOTAL] == 20
    assert set(results) == {member.name.lower() for member in enumerations.SamplerResult}
    trace = sampler.trace('test_error')
    assert numpy.array_equal(same.run().trace('order_parameter'), sampler.trace('order_parameter'))
    assert trace.shape == (2, 10) and numpy.array_equal(trace[1], sampler.trace('test_error', 1))
    mean, deviation = sampler.predictions
    assert ((mean - test.targets) ** 2).mean() == pytest.approx(results['test_error'], rel=1e-12)
    assert ((mean - test.targets) ** 2 + deviation ** 2).mean() == pytest.approx(trace.mean(), rel=1e-9)
    assert sampler.second_moments.shape == (12,)
    assert sampler.diagnose('test_error')['mean'] == pytest.approx(trace.mean(), rel=1e-12)
    network = sampler.network(1)
    sampler.set_network(0, network)
    sampler.step(3)
    sampler.save(tmp_path / 'chains')
    sampler.write_traces(tmp_path / 'traces.npy')
    assert (tmp_path / 'chains').exists() and len(numpy.load(tmp_path / 'traces.npy'))
    assert sampler.results_of_rung(0)['kappa'] == pytest.approx(0.2)
    with pytest.raises(KeyError, match='order_parameter'):
        results['nope']


def test_resuming_gives_the_same_numbers(model, train, sampler, tmp_path):
    sampler.run()
    sampler.save(tmp_path / 'chains')
    again = mflearn.Sampler(model, train, 0.2, burn_in=50, draws=10, thinning=2)
    again.load(tmp_path / 'chains')
    assert numpy.array_equal(again.run().trace('potential'), sampler.run().trace('potential'))


def test_ridge(model, task, train):
    ridge, x, y = mflearn.Ridge(model), train.inputs, train.targets
    with pytest.raises(errors.StateError):
        ridge.predict(x)
    ridge.fit(train, 0.2)
    kernel = ridge.kernel(x)
    full = kernel + 0.04 * numpy.eye(60)
    assert ridge.weights == pytest.approx(numpy.linalg.solve(full, y), rel=1e-9)
    new = task.draw(7, role='test').inputs
    cross = ridge.kernel(new, x)
    mean, variance = ridge.predict(new)
    assert mean == pytest.approx(cross @ ridge.weights, rel=1e-9)
    assert variance == pytest.approx(numpy.diag(ridge.covariance(new)), rel=1e-9)
    sign, logarithm = numpy.linalg.slogdet(full)
    assert ridge.log_evidence == pytest.approx(
        -y @ ridge.weights / 2 - logarithm / 2 - 30 * math.log(2 * math.pi), rel=1e-12)
    assert ridge.solve([y, 2 * y])[1] == pytest.approx(2 * ridge.weights, rel=1e-9)
    alone = ridge.leave_one_out()
    assert ridge.cross_validate(range(60), 60) == pytest.approx(alone.mean, rel=1e-8)
    path = ridge.path(train, [0.2, 0.4])
    assert path.log_evidence[0] == pytest.approx(ridge.log_evidence, rel=1e-10)
    assert path.error[0] == pytest.approx(((alone.mean - y) ** 2).mean(), rel=1e-8)
    assert ridge.results['kappa'] == 0.2 and ridge.stop is Stop.COMPLETED and ridge.shape == (60, 12)
    assert ridge.kernel_error(x) == 0 and ridge.memory(60) > 8 * 60 ** 2
    slope = ridge.gradient().log_kappa
    ridge.optimise(train, 0.2, 'kappa')
    assert ridge.results['kappa'] > 0.2 if slope > 0 else ridge.results['kappa'] < 0.2
    ridge.precisions = numpy.arange(1.0, 13.0)
    assert ridge.precisions == pytest.approx(numpy.arange(1.0, 13.0), rel=1e-15)
    ridge.precisions = None
    assert ridge.precisions == pytest.approx(numpy.full(12, 12.0))
    given = mflearn.Ridge(model, kernel='precomputed').fit_matrix(kernel, y, 0.2)
    assert given.predict_matrix(cross, numpy.diag(ridge.kernel(new))).mean == pytest.approx(mean, rel=1e-9)
    iterated = mflearn.Ridge(model, solver='gradients', tolerance=1e-12).fit(train, 0.2).predict(new)
    assert iterated.mean == pytest.approx(mean, rel=1e-6) and numpy.isnan(iterated.variance).all()


def test_spectra(context, model, task, train):
    ridge = mflearn.Ridge(model)
    spectrum = mflearn.Spectrum.of_task(ridge, task, 5)
    assert spectrum.shape.count == 5 and list(spectrum.degrees) == list(range(5)) and spectrum.error == 0
    entries = spectrum.entries
    assert list(entries.multiplicities) == [math.comb(12, k) for k in range(5)] and entries.power.argmax() == 2
    own = mflearn.Spectrum(context, entries.values, entries.multiplicities, spectrum.shape.rest)
    learned = spectrum.learn(60, 0.04)
    assert own.learn(60, 0.04, power=entries.power).test_error == learned.test_error > learned.train_error
    assert learned.learnability.shape == (5,)
    assert mflearn.Spectrum.of_kernel(ridge, 'hypercube', 3).shape.count == 3
    assert mflearn.Spectrum.of_data(ridge, train).entries.power.sum() == pytest.approx((train.targets ** 2).mean())


def test_theories(task, model):
    theory = mflearn.Theory(task, model, 'mf', tolerance=1e-9)
    with pytest.raises(errors.StateError):
        theory.results['m']
    assert dict(theory.results) == {} and theory.stop is Stop.NONE
    results = theory.solve(100, 0.2).results
    assert theory.stop is Stop.CONVERGED and theory.branches == 1
    assert 0 < results['m'] < 1 and 0 <= theory.errors['m'] < 1e-8
    assert theory.get('m').value == theory.get(enumerations.TheoryResult.M).value == results['m']
    assert results['test_error'] == pytest.approx((1 - results['m']) ** 2, abs=1e-9)
    assert theory.modes[0].target == 1 and theory.get_mode(0, 'm').value == results['m']
    finite = theory.finite_modes(240)
    assert finite.m.shape == (1,) and finite.error[0] > 0
    assert finite.m[0] == pytest.approx(results['m'] + finite.difference[0], abs=1e-12)
    weights, readouts = theory.sample(3)
    assert weights.shape == (3, 12) and numpy.array_equal(theory.sample(1, first=2).first[0], weights[2])
    marginal = theory.marginal('on', [0.0, 0.1], draws=50)
    assert (marginal.density > 0).all() and marginal.error.shape == (2,)


def test_theories_of_a_training_set(task, model, train):
    theory = mflearn.Theory.empirical(model, train, task, 'mf_ard', particles=64, sweeps=80, tolerance=0.5)
    assert theory.options['prior'] == 'ard'
    with pytest.raises(errors.StateError):
        theory.relevances
    results = theory.solve(len(train), 0.5).results
    assert 0 < results['overlap'] < 1.1 and results['m'] == theory.get('m').value
    mean, variance = theory.predict(train.inputs)
    assert (mean @ train.targets) / (train.targets @ train.targets) == pytest.approx(results['overlap'], abs=0.2)
    assert (variance >= 0).all()
    assert theory.test(train) == pytest.approx(((mean - train.clean_targets) ** 2).mean(), rel=1e-9)
    relevance, error, order = theory.relevances
    assert (numpy.diff(relevance[order]) <= 0).all() and (error > 0).all()
    selected, threshold = theory.select_inputs(0.1)
    assert selected.shape == (12,) and threshold > 0
    with pytest.raises(errors.SizeError):
        theory.predict(train.inputs[:, 1:])
    assert mflearn.Theory.empirical(model, train).stop is Stop.NONE


def test_ladders(model, train, task):
    sampler = mflearn.Sampler(model, train, 0.2, task=task, burn_in=40, draws=20, thinning=1, rungs=2, kappa_hot=1)
    sampler.run()
    assert sampler.results_of_rung(1)['kappa'] == 1 and sampler.trace('potential').shape == (4, 20)
    warm = sampler.diagnose('order_parameter', rung=1)
    assert warm['mean'] == pytest.approx(sampler.results_of_rung(1)['order_parameter'], abs=1e-12)
    with pytest.raises(errors.ArgumentError):
        sampler.diagnose('order_parameter', rung=2)


def test_paths_and_diagrams(task, model):
    theory = mflearn.Theory(task, model, tolerance=1e-5)
    path = mflearn.Path(theory, step=0.5).follow('samples', 20, 400, kappa=0.2)
    assert path.stop is Stop.CONVERGED and path.branches == 1 and path.folds == path.transitions == 0
    curve = path.curve(0, 'm')
    assert (curve.parameter.min(), curve.parameter.max()) == pytest.approx((20, 400), rel=1e-12)
    order = curve.value[curve.parameter.argsort()]
    assert (numpy.diff(order) > 0).all()
    diagram = mflearn.Diagram(theory, [20, 400], [0.2])
    grid = diagram.grid('m')
    assert grid.shape == (2, 1) and grid[:, 0] == pytest.approx(order[[0, -1]], abs=1e-4)
    assert numpy.isnan(diagram.grid('m', branch=1)).all() and diagram.point(0, 0).converged


def test_diagnostics(context):
    draws = numpy.random.default_rng(3).normal(size=(4, 500))
    told = mflearn.diagnose(context, draws)
    assert told['mean'] == pytest.approx(draws.mean(), abs=1e-14) and abs(told['r_hat'] - 1) < 0.02
    assert set(told) == {member.name.lower() for member in enumerations.Diagnostic}
    found = mflearn.quantiles(context, draws, [0.05, 0.5])
    assert found.quantiles == pytest.approx(numpy.quantile(draws, [0.05, 0.5]), abs=1e-14)
    assert mflearn.quantiles(context, draws[0], 0.5).ess.shape == (1,)


def test_every_status_has_an_exception(context):
    index, status, names = 0, ctypes.c_int32(), []
    while mflearn.library.mfl_status_at(index, ctypes.byref(status)) == 0:
        names.append(status.value)
        index += 1
    assert set(names) - {0} == set(errors.BY_STATUS)
    assert issubclass(errors.MflearnMemoryError, MemoryError) and issubclass(errors.IoError, OSError)
    with pytest.raises(errors.ArgumentError, match='d|dimension') as caught:
        mflearn.Model(context, 0, 5)
    assert isinstance(caught.value, ValueError) and caught.value.status == -2
    assert context.message == str(caught.value)


def test_unusual_requests(context, model, task, train):
    with pytest.raises(errors.ContextError):
        with mflearn.Context() as other:
            mflearn.Sampler(mflearn.Model(other, 12, 4), train, 0.1)
    with pytest.raises(TypeError):
        mflearn.Model(3, 12, 4)
    with pytest.raises(errors.ArgumentError, match='relu'):
        mflearn.Theory(task, model).use('relu')
    with pytest.raises(errors.ArgumentError, match='mf_ard'):
        mflearn.Theory(task, model, 'relu')
    assert mflearn.Model(context, 12, 0, gamma=0.5).shape.width == 0


def test_every_function_is_declared_and_most_are_methods():
    for name in _declarations.FUNCTIONS:
        assert getattr(mflearn.library, name).argtypes is not None
    allocators = {'mfl_context_create_with_allocator'}  # Python's own memory is of no use to the library
    asked_directly = {'mfl_status_at', 'mfl_status_name', 'mfl_version', 'mfl_version_check'}
    print('not yet wrapped:', set(_methods.UNWRAPPED) - allocators - asked_directly)
    documented = [getattr(getattr(mflearn, kind), method) for kind in ('Sampler', 'Theory', 'Ridge', 'Dataset')
                  for method in dir(getattr(mflearn, kind)) if not method.startswith('_')]
    assert all(method.__doc__ for method in documented)
    assert not [method for method in documented if re.search(r'\bmfl_|\bMFL_', method.__doc__)]
