/* SPDX-License-Identifier: BSD-3-Clause */
/* Scenarios for test_faults.c. A scenario drives some public functions on a fresh context at tiny sizes, gives up at the
 * first status that is not MFL_OK, destroys what it made, and returns that status. To add a module, write
 * faults_MODULE.c with the array faults_MODULE, and name it in FAULT_MODULES and in meson.build. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include <mflearn/mflearn.h>

typedef struct fault_scenario {
    const char *name;
    int32_t (*run)(mfl_context *context);
} fault_scenario;

#define FAULT_MODULES(X)                                                                                     \
    X(context) X(model) X(task) X(dataset) X(network) X(diagnostics) X(sampler) X(ridge) X(theory) X(path) X(empirical)

#define FAULT_DECLARE(module) extern const fault_scenario faults_##module[]; /* ends with a NULL name */
FAULT_MODULES(FAULT_DECLARE)

/* Every call of a public function goes through one of these, so that the test knows which were visited:
 * CALL(mfl_model_shape, (model, &dimension, &width)). */
#define CALL(function, arguments) (fault_visit(#function), function arguments)
/* The same unless an earlier call failed. */
#define NEXT(status, function, arguments)                                                                    \
    do {                                                                                                     \
        if (!(status))                                                                                       \
            (status) = CALL(function, arguments);                                                            \
    } while (0)
/* The same for a function that makes a handle: it must leave NULL behind when it fails. */
#define MAKE(status, handle, function, arguments)                                                            \
    do {                                                                                                     \
        if (!(status)) {                                                                                     \
            (handle) = fault_poison();                                                                       \
            (status) = CALL(function, arguments);                                                            \
            if (status)                                                                                      \
                fault_require((handle) == NULL, #function " failed and left its output set");                \
        }                                                                                                    \
    } while (0)

void fault_visit(const char *function);
void fault_require(int32_t fact, const char *otherwise);
void *fault_poison(void);

#endif
