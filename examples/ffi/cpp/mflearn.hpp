/* SPDX-License-Identifier: BSD-3-Clause */
/* An example of how a C++ program may hold handles: owned by unique_ptr, with exceptions for statuses. */
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <mflearn/mflearn.h>

namespace mfl {

template <auto destroy> struct deleter {
    template <class handle> void operator()(handle *pointer) const
    {
        destroy(pointer);
    }
};

using context = std::unique_ptr<mfl_context, deleter<mfl_context_destroy>>;
using task = std::unique_ptr<mfl_task, deleter<mfl_task_destroy>>;
using model = std::unique_ptr<mfl_model, deleter<mfl_model_destroy>>;
using dataset = std::unique_ptr<mfl_dataset, deleter<mfl_dataset_destroy>>;
using network = std::unique_ptr<mfl_network, deleter<mfl_network_destroy>>;
using sampler = std::unique_ptr<mfl_sampler, deleter<mfl_sampler_destroy>>;
using ridge = std::unique_ptr<mfl_ridge, deleter<mfl_ridge_destroy>>;
using theory = std::unique_ptr<mfl_theory, deleter<mfl_theory_destroy>>;

struct error : std::runtime_error {
    int32_t status;
    error(int32_t code, const std::string &message) : std::runtime_error(message), status(code) {}
};

/* Raise what the context has to say of a failure. */
inline void check(const context &owner, int32_t status)
{
    if (status != MFL_OK) {
        const std::string message = mfl_context_message(owner.get());
        throw error(status, message.empty() ? mfl_status_message(status) : message);
    }
}

/* A handle from the function that makes it: make<mfl::model>(context, mfl_model_create, context.get(), 20, 128). */
template <class owned, class function, class... arguments>
owned make(const context &owner, function create, arguments &&...given)
{
    typename owned::pointer out = nullptr;
    check(owner, create(std::forward<arguments>(given)..., &out));
    return owned(out);
}

} // namespace mfl
