-- SPDX-License-Identifier: BSD-3-Clause
-- A parity of 2 of 12 inputs: mean-field theory, a sampled posterior, the kernel limit, and an activation in Lua.
local ffi = require "ffi"
package.path = arg[0]:match "^(.-)[^/]*$" .. "?.lua;" .. package.path
local mfl = require "mflearn"

local context
local function check(status)
    if status ~= mfl.MFL_OK then
        error(ffi.string(mfl.mfl_context_message(context)), 2)
    end
end

-- A handle from the function that makes it; the collector releases it, in whatever order: handles keep their context.
local function make(kind, ...)
    local call, arguments = mfl["mfl_" .. kind], { ... }
    local name = kind:match "^[^_]+"
    local out = ffi.new("mfl_" .. name .. " *[1]")
    arguments[#arguments + 1] = out
    check(call(unpack(arguments)))
    return ffi.gc(out[0], mfl["mfl_" .. name .. "_destroy"])
end

local value = ffi.new "double[1]"
local function read(name, ...)
    local arguments = { ... }
    arguments[#arguments + 1] = value
    check(mfl["mfl_" .. name](unpack(arguments)))
    return value[0]
end

local function set(name, handle, option, text)
    local options = ffi.new "mfl_options *[1]"
    check(mfl["mfl_" .. name .. "_options"](handle, options))
    check(mfl.mfl_options_set_text(options[0], option, text))
end

context = make "context_create"
set("context", context, "seed", "7")
local task = make("task_create_parity", context, 12, 2)
local model = make("model_create", context, 12, 32)
local train = make("dataset_draw", task, 60, 0.1, 0, mfl.MFL_ROLE_TRAIN)
local test = make("dataset_draw", task, 3, 0.0, 0, mfl.MFL_ROLE_TEST)
local inputs, stride, unit = ffi.new "const double *[1]", ffi.new "int64_t[1]", ffi.new "int64_t[1]"
check(mfl.mfl_dataset_inputs(test, inputs, stride, unit))

local theory, error_bar = make("theory_create", context, task, model), ffi.new "double[1]"
check(mfl.mfl_theory_solve(theory, 60, 0.2))
check(mfl.mfl_theory_get(theory, mfl.MFL_THEORY_M, value, error_bar))
print(("theory_m %.17g"):format(value[0]))

local sampler = make("sampler_create", model, train, 0.2)
check(mfl.mfl_sampler_set_task(sampler, task))
set("sampler", sampler, "burn_in", "200")
set("sampler", sampler, "draws", "20")
check(mfl.mfl_sampler_run(sampler))
print(("sampler_m %.17g"):format(read("sampler_get", sampler, mfl.MFL_SAMPLER_ORDER_PARAMETER)))

local ridge, f = make("ridge_create", model), ffi.new "double[3]"
check(mfl.mfl_ridge_fit(ridge, train, 0.2))
print(("ridge_log_evidence %.17g"):format(read("ridge_log_evidence", ridge)))
check(mfl.mfl_ridge_predict(ridge, inputs[0], 3, stride[0], f, nil))
for i = 0, 2 do print(("ridge_prediction %.17g"):format(f[i])) end

-- No error may pass through C: a callback that can fail catches it (pcall) and returns 1. Calls that call back into Lua
-- must not be compiled.
jit.off()
local square = ffi.cast("mfl_activation_fn", function(count, z, values, derivatives)
    for i = 0, tonumber(count) - 1 do
        values[i], derivatives[i] = z[i] * z[i], 2 * z[i]
    end
    return 0
end)
check(mfl.mfl_model_set_activation(model, square, nil))
local network = make("network_create", model)
check(mfl.mfl_network_draw_prior(network, 0))
check(mfl.mfl_network_forward(network, inputs[0], 3, stride[0], f))
for i = 0, 2 do print(("network_prediction %.17g"):format(f[i])) end
square:free()
