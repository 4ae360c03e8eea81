# SPDX-License-Identifier: BSD-3-Clause
"""Another language can use the library with nothing but the headers: ctypes declarations are generated from them.

test_ctypes.py --library FILE --compiler CC --include DIR...
"""
import argparse
import ctypes
import math
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'scripts'))
import declarations  # noqa: E402

SCALARS = {'double': ctypes.c_double, 'float': ctypes.c_float, 'int32_t': ctypes.c_int32,
           'int64_t': ctypes.c_int64, 'size_t': ctypes.c_size_t, 'uint8_t': ctypes.c_uint8}


class Library:
    """The shared library with argtypes and restype of every public function, and every enumerator as an attribute."""

    def __init__(self, path, found):
        self.callbacks = {}
        for name, function in found.callbacks.items():
            self.callbacks[name] = ctypes.CFUNCTYPE(self.translate(function.result),
                                                    *(self.translate(kind) for _, kind in function.parameters))
        library = ctypes.CDLL(path)
        for name, function in found.functions.items():
            entry = getattr(library, name)
            entry.restype = self.translate(function.result)
            entry.argtypes = [self.translate(kind) for _, kind in function.parameters]
            setattr(self, name, entry)
        for values in found.enums.values():
            for name, value in values.items():
                setattr(self, name, value)

    def translate(self, kind):
        if kind.base == 'void' and kind.pointers == 0:
            return None
        if kind.base in self.callbacks:
            return self.callbacks[kind.base]
        if kind.base in SCALARS:
            translated, pointers = SCALARS[kind.base], kind.pointers
        elif kind.base == 'char':
            translated, pointers = ctypes.c_char_p, kind.pointers - 1
        else:  # handles and void *
            translated, pointers = ctypes.c_void_p, kind.pointers - 1
        for _ in range(pointers):
            translated = ctypes.POINTER(translated)
        return translated


class UseFromPython(unittest.TestCase):
    library = None
    declared = None

    def setUp(self):
        self.context = ctypes.c_void_p()
        self.ok(self.library.mfl_context_create(ctypes.byref(self.context)))
        self.addCleanup(self.library.mfl_context_destroy, self.context)

    def ok(self, status):
        self.assertEqual(self.library.mfl_status_name(status), b'MFL_OK')

    def options_of_context(self):
        options = ctypes.c_void_p()
        self.ok(self.library.mfl_context_options(self.context, ctypes.byref(options)))
        return options

    def test_every_declared_function_can_be_called(self):
        for name in self.declared.functions:
            entry = getattr(self.library, name)
            self.assertIsNotNone(entry.argtypes, name)

    def test_status_table(self):
        status, index, names = ctypes.c_int32(), 0, {}
        while self.library.mfl_status_at(index, ctypes.byref(status)) == self.library.MFL_OK:
            names[self.library.mfl_status_name(status.value).decode()] = status.value
            index += 1
        expected = {name: value for name, value in self.declared.enums['mfl_status'].items()
                    if name != 'MFL_STATUS_END'}
        self.assertEqual(names, expected)

    def test_options_are_enumerable_and_settable(self):
        options, count, key = self.options_of_context(), ctypes.c_size_t(), ctypes.c_int32()
        self.ok(self.library.mfl_options_count(options, ctypes.byref(count)))
        keys = set()
        for index in range(count.value):
            self.ok(self.library.mfl_options_key(options, index, ctypes.byref(key)))
            keys.add(key.value)
        self.assertEqual(keys, set(self.declared.enums['mfl_context_option'].values()))
        seed = ctypes.c_int64()
        self.ok(self.library.mfl_options_set_int(options, self.library.MFL_CONTEXT_SEED, -(2 ** 62)))
        self.ok(self.library.mfl_options_get_int(options, self.library.MFL_CONTEXT_SEED, ctypes.byref(seed)))
        self.assertEqual(seed.value, -(2 ** 62))

    def test_errors_have_a_status_and_a_message(self):
        status = self.library.mfl_options_set_int(self.options_of_context(), self.library.MFL_CONTEXT_THREADS, -1)
        self.assertEqual(status, self.library.MFL_ERROR_OPTION_RANGE)
        self.assertIn(b'threads is -1', self.library.mfl_context_message(self.context))

    def test_model_with_an_activation_in_python(self):
        @self.library.callbacks['mfl_activation_fn']
        def softplus(count, z, value, derivative, user_data):
            for i in range(count):
                value[i], derivative[i] = math.log1p(math.exp(z[i])), 1 / (1 + math.exp(-z[i]))
            return 0

        model = ctypes.c_void_p()
        self.ok(self.library.mfl_model_create(self.context, 3, 16, ctypes.byref(model)))
        self.addCleanup(self.library.mfl_model_destroy, model)
        self.ok(self.library.mfl_model_set_activation(model, softplus, None))
        dimension, width = ctypes.c_int64(), ctypes.c_int64()
        self.ok(self.library.mfl_model_shape(model, ctypes.byref(dimension), ctypes.byref(width)))
        self.assertEqual((dimension.value, width.value), (3, 16))

    def make(self, function, *arguments):
        """A handle made by a create function, destroyed with the test."""
        handle = ctypes.c_void_p()
        self.ok(getattr(self.library, function)(*arguments, ctypes.byref(handle)))
        kind = function.split('_')[1]
        self.addCleanup(getattr(self.library, f'mfl_{kind}_destroy'), handle)
        return handle

    def test_from_a_task_to_posterior_kernel_and_theory(self):
        task = self.make('mfl_task_create_parity', self.context, 6, 2)
        model = self.make('mfl_model_create', self.context, 6, 16)
        train = self.make('mfl_dataset_draw', task, 40, 0.0, 0, self.library.MFL_ROLE_TRAIN)
        sampler = self.make('mfl_sampler_create', model, train, 0.1)
        self.ok(self.library.mfl_sampler_set_task(sampler, task))
        options, value, error = ctypes.c_void_p(), ctypes.c_double(), ctypes.c_double()
        self.ok(self.library.mfl_sampler_options(sampler, ctypes.byref(options)))
        for name in b'burn_in', b'draws':
            self.ok(self.library.mfl_options_set_text(options, name, b'200'))
        self.ok(self.library.mfl_sampler_run(sampler))
        self.ok(self.library.mfl_sampler_get(sampler, self.library.MFL_SAMPLER_ORDER_PARAMETER, ctypes.byref(value)))
        self.assertTrue(-0.5 < value.value < 1.5)
        targets = ctypes.POINTER(ctypes.c_double)()
        self.ok(self.library.mfl_dataset_targets(train, ctypes.byref(targets)))
        self.assertEqual({abs(targets[i]) for i in range(40)}, {1.0})
        ridge = self.make('mfl_ridge_create', model)
        self.ok(self.library.mfl_ridge_fit(ridge, train, 0.1))
        self.ok(self.library.mfl_ridge_log_evidence(ridge, ctypes.byref(value)))
        self.assertTrue(math.isfinite(value.value))
        theory = self.make('mfl_theory_create', self.context, task, model)
        self.ok(self.library.mfl_theory_solve(theory, 40.0, 0.1))
        self.ok(self.library.mfl_theory_get(theory, self.library.MFL_THEORY_M, ctypes.byref(value),
                                            ctypes.byref(error)))
        self.assertTrue(0.5 < value.value < 1.0 and error.value < 1e-6)

    def test_text_into_a_callers_buffer(self):
        needed = ctypes.c_size_t()
        status = self.library.mfl_context_provenance(self.context, None, 0, ctypes.byref(needed))
        self.assertEqual(status, self.library.MFL_ERROR_BUFFER)
        text = ctypes.create_string_buffer(needed.value)
        self.ok(self.library.mfl_context_provenance(self.context, text, needed.value, None))
        self.assertEqual(len(text.value), needed.value - 1)
        self.assertTrue(text.value.startswith(b'mflearn ' + self.library.mfl_version_string()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--library', required=True)
    parser.add_argument('--compiler', required=True)
    parser.add_argument('--include', nargs='+', required=True)
    arguments = parser.parse_args()
    UseFromPython.declared = declarations.read(arguments.include, arguments.compiler)
    UseFromPython.library = Library(arguments.library, UseFromPython.declared)
    unittest.main(argv=[sys.argv[0], '--verbose'])


if __name__ == '__main__':
    main()
