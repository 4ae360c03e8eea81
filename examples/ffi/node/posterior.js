// SPDX-License-Identifier: BSD-3-Clause
// A parity of 2 of 12 inputs: mean-field theory, a sampled posterior, the kernel limit, an activation in JavaScript.
'use strict';
const { mfl, Context, koffi } = require('./mflearn.js');

const print = (name, values) => [...values].forEach(value => console.log(name, value.toPrecision(17)));
const context = new Context();
context.set('context', context.pointer, 'seed', 7);
const task = context.make('task_create_parity', context.pointer, 12, 2);
const model = context.make('model_create', context.pointer, 12, 32);
const train = context.make('dataset_draw', task.pointer, 60, 0.1, 0, mfl.MFL_ROLE_TRAIN);
const test = context.make('dataset_draw', task.pointer, 3, 0.0, 0, mfl.MFL_ROLE_TEST);
const inputs = new Float64Array(3 * 12);
context.call('dataset_copy_inputs', test.pointer, inputs, inputs.length);

const theory = context.make('theory_create', context.pointer, task.pointer, model.pointer);
context.call('theory_solve', theory.pointer, 60, 0.2);
const value = [0], error = [0];
context.call('theory_get', theory.pointer, mfl.MFL_THEORY_M, value, error);
print('theory_m', value);

const sampler = context.make('sampler_create', model.pointer, train.pointer, 0.2);
context.call('sampler_set_task', sampler.pointer, task.pointer);
context.set('sampler', sampler.pointer, 'burn_in', 200);
context.set('sampler', sampler.pointer, 'draws', 20);
context.call('sampler_run', sampler.pointer);
print('sampler_m', [context.number('sampler_get', sampler.pointer, mfl.MFL_SAMPLER_ORDER_PARAMETER)]);

const ridge = context.make('ridge_create', model.pointer);
const f = new Float64Array(3);
context.call('ridge_fit', ridge.pointer, train.pointer, 0.2);
print('ridge_log_evidence', [context.number('ridge_log_evidence', ridge.pointer)]);
context.call('ridge_predict', ridge.pointer, inputs, 3, 12, f, null);
print('ridge_prediction', f);

// Pointers come as such: decode() reads and encode() writes. An exception must not pass through C.
const square = koffi.register((count, z, values, derivatives) => {
    const points = koffi.decode(z, 'double', Number(count));
    koffi.encode(values, 'double', points.map(x => x * x), Number(count));
    koffi.encode(derivatives, 'double', points.map(x => 2 * x), Number(count));
    return 0;
}, 'mfl_activation_fn *');
context.call('model_set_activation', model.pointer, square, null);
const network = context.make('network_create', model.pointer);
context.call('network_draw_prior', network.pointer, 0);
context.call('network_forward', network.pointer, inputs, 3, 12, f);
print('network_prediction', f);
koffi.unregister(square);
