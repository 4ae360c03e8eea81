# SPDX-License-Identifier: BSD-3-Clause
"""Arrays of any order and type, copied where the library cannot read them as they lie, and only there."""
import gc
import weakref

import mflearn
import numpy
import pytest
from mflearn import errors
from mflearn._arrays import lattice, matrix

BASE = numpy.random.default_rng(5).normal(size=(30, 20))
SAME = [('C order', BASE), ('Fortran order', numpy.asfortranarray(BASE)), ('every second column', BASE[:, ::2]),
        ('every third row', BASE[::3]), ('a block', BASE[2:9, 3:8]), ('transposed', BASE.T), ('one row', BASE[:1]),
        ('one column', BASE[:, :1])]
OTHER = [('float32', BASE.astype(numpy.float32)), ('integers', (10 * BASE).astype(int)),
         ('backwards', BASE[::-1, ::-1]),
         ('broadcast', numpy.broadcast_to(BASE[0], (4, 20))), ('other byte order', BASE.astype('>f8')),
         ('a field of records', BASE.astype([('c', 'i1'), ('v', 'f8')])['v']), ('lists', BASE.tolist())]


@pytest.mark.parametrize('array', [pytest.param(array, id=name) for name, array in SAME + OTHER])
def test_any_array_is_a_data_set(context, array):
    for copy in (True, False):
        data = mflearn.Dataset(context, array, numpy.arange(len(array)), copy=copy)
        assert numpy.array_equal(data.inputs, numpy.asarray(array, float)) and not data.inputs.flags.writeable
        assert numpy.array_equal(data.targets, range(len(array)))
        assert numpy.array_equal(data.copy_inputs(), data.inputs)


@pytest.mark.parametrize('array', [pytest.param(array, id=name) for name, array in SAME])
def test_no_copy_where_none_is_needed(context, array):
    data = mflearn.Dataset(context, array, copy=False)
    assert numpy.shares_memory(data.inputs, array) and lattice(array, '')[0] is array
    assert data.inputs.ctypes.data == array.ctypes.data


def test_rows_at_any_distance_are_read_in_place():
    for array in (BASE, BASE[::3], BASE[2:9, 3:8], BASE[:1]):
        assert matrix(array, '')[0] is array
    for array in (BASE.T, BASE[:, ::2], BASE[::-1], numpy.broadcast_to(BASE[0], (4, 20))):
        assert not numpy.shares_memory(matrix(array, '')[0], BASE)


@pytest.mark.parametrize('array', [pytest.param(array, id=name) for name, array in SAME + OTHER])
def test_any_array_can_be_predicted_on(context, array):
    plain = numpy.array(array, float, order='C')
    network = mflearn.Network(mflearn.Model(context, plain.shape[1], 8))
    network.draw_prior(1)
    assert numpy.array_equal(network(array), network(plain))


def test_shapes_are_checked_before_the_library_reads(context, model, train):
    network, ridge = mflearn.Network(model), mflearn.Ridge(model).fit(train, 0.2)
    for call in (lambda: network(BASE), lambda: network(BASE[0]), lambda: ridge.predict(BASE),
                 lambda: mflearn.Dataset(context, BASE[0]), lambda: mflearn.Dataset(context, BASE, [1, 2]),
                 lambda: ridge.cross_validate([0, 1], 2), lambda: ridge.fit_matrix(BASE, BASE[:, 0], 0.1),
                 lambda: ridge.solve(BASE), lambda: mflearn.Task.parity(context, 3, 1).evaluate(BASE)):
        with pytest.raises(errors.SizeError):
            call()
    with pytest.raises(errors.NotFiniteError, match='row 1'):
        mflearn.Dataset(context, [[1.0], [numpy.nan]])


def test_a_view_keeps_its_data_set_alive(task):
    data = task.draw(50)
    owned, expected = weakref.ref(data._owned), data.copy_inputs()
    inputs = data.inputs[10:20]
    data.close()
    del data
    gc.collect()
    assert owned() is not None and numpy.array_equal(inputs, expected[10:20])
    del inputs
    gc.collect()
    assert owned() is None


def test_a_borrowed_array_lives_as_long_as_what_uses_it(context, model):
    array = numpy.random.default_rng(1).normal(size=(40, 12))
    alive = weakref.ref(array)
    data = mflearn.Dataset(context, array, array[:, 0] * array[:, 1], copy=False)
    sampler = mflearn.Sampler(model, data, 0.5, burn_in=20, draws=5)
    other = mflearn.Sampler(model, task_data(context), 0.5, burn_in=20, draws=5)
    other.set_test(data)
    data.close()
    del array, data
    gc.collect()
    assert alive() is not None
    sampler.run()
    del sampler
    gc.collect()
    assert alive() is not None
    other.run()
    del other
    gc.collect()
    assert alive() is None


def task_data(context):
    return mflearn.Task.parity(context, 12, 2).draw(30)
