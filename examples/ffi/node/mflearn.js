// SPDX-License-Identifier: BSD-3-Clause
// The library for Node: every function and constant by its name in C, handles that are released with their object.
'use strict';
const koffi = require('koffi');
const declarations = require('./declarations.json');

const library = koffi.load(process.env.MFLEARN_LIBRARY || declarations.library);
for (const handle of declarations.handles) koffi.opaque(handle);
for (const prototype of declarations.callbacks) koffi.proto(prototype);

const mfl = { ...declarations.constants };
for (const [name, prototype] of Object.entries(declarations.functions)) mfl[name] = library.func(prototype);

const released = new FinalizationRegistry(({ destroy, pointer }) => destroy(pointer));

// One context and what is made in it: handle.pointer is what the functions take. A handle may go in any order.
class Context {
    constructor() {
        this.pointer = this.make('context_create').pointer;
    }

    check(status) {
        if (status !== mfl.MFL_OK)
            throw new Error(this.pointer ? mfl.mfl_context_message(this.pointer) : mfl.mfl_status_message(status));
    }

    call(name, ...given) {
        this.check(mfl['mfl_' + name](...given));
    }

    make(name, ...given) {
        const out = [null];
        this.call(name, ...given, out);
        const handle = { pointer: out[0] };
        const destroy = mfl[`mfl_${name.split('_')[0]}_destroy`];
        released.register(name === 'context_create' ? this : handle, { destroy, pointer: handle.pointer });
        return handle;
    }

    number(name, ...given) {
        const out = [0];
        this.call(name, ...given, out);
        return out[0];
    }

    set(kind, pointer, option, value) {
        const options = [null];
        this.call(kind + '_options', pointer, options);
        this.call('options_set_text', options[0], option, String(value));
    }
}

module.exports = { mfl, Context, koffi };
