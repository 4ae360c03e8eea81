/* SPDX-License-Identifier: BSD-3-Clause */
/* Every public function with every hostile value of every argument. The functions and their parameters are read from
 * the headers (write.py); the handles that they are called with are made here. */
#ifndef TESTS_ABUSE_H
#define TESTS_ABUSE_H

#include <mflearn/mflearn.h>

#include "../../counting_allocator.h"

/* The handles, X(type, name): the first of a type is what functions are called with where nothing else is said, the
 * others are in states that some functions cannot take. */
#define ABUSE_HANDLES(X)                                                                                     \
    X(context, context)                                                                                      \
    X(options, options) X(options, options_of_model)                                                         \
    X(task, task) X(task, task_of_sum) X(task, task_of_hermite) X(task, task_failing) X(task, task_other_dimension) \
    X(dataset, dataset) X(dataset, dataset_without_targets) X(dataset, dataset_other_dimension)              \
    X(dataset, dataset_standardised)                                                                         \
    X(model, model) X(model, model_infinite) X(model, model_other_dimension) X(model, model_without_activation) \
    X(model, model_failing)                                                                                  \
    X(network, network) X(network, network_other_dimension) X(network, network_without_activation)           \
    X(network, network_failing)                                                                              \
    X(sampler, sampler) X(sampler, sampler_not_run) X(sampler, sampler_failing)                              \
    X(ridge, ridge) X(ridge, ridge_not_fitted) X(ridge, ridge_of_matrix) X(ridge, ridge_failing)             \
    X(spectrum, spectrum) X(spectrum, spectrum_of_numbers)                                                   \
    X(theory, theory) X(theory, theory_not_solved) X(theory, theory_of_data) X(theory, theory_of_data_not_solved) \
    X(path, path) X(path, path_not_followed)                                                                 \
    X(diagram, diagram)

enum abuse_handle {
#define ABUSE_HANDLE(type, name) ABUSE_##name,
    ABUSE_HANDLES(ABUSE_HANDLE)
#undef ABUSE_HANDLE
    ABUSE_HANDLE_COUNT
};

/* Two contexts and what has been made from each. */
typedef struct abuse_world {
    counting_allocator allocators[2];
    void *handles[2][ABUSE_HANDLE_COUNT];
} abuse_world;

enum { ABUSE_PARAMETERS = 10 };

/* What an argument is made of. */
enum abuse_kind {
    ABUSE_KIND_HANDLE, /* valid: its number */
    ABUSE_KIND_MADE,   /* receives a handle */
    ABUSE_KIND_OUT,    /* receives anything else */
    ABUSE_KIND_DOUBLES,
    ABUSE_KIND_INT64S,
    ABUSE_KIND_INT32S,
    ABUSE_KIND_TEXT,
    ABUSE_KIND_PATH,
    ABUSE_KIND_DOUBLE,
    ABUSE_KIND_INT32,
    ABUSE_KIND_INT64,
    ABUSE_KIND_SIZE, /* a size_t */
    ABUSE_KIND_FUNCTION,
    ABUSE_KIND_USER_DATA
};

typedef union abuse_argument {
    void *pointer;
    int64_t integer;
    double number;
    void (*function)(void);
} abuse_argument;

typedef struct abuse_parameter {
    const char *name;
    int32_t kind;
    const char *type;       /* of a handle, such as "task" */
    abuse_argument valid;
    int32_t of_array;       /* a size or stride of an array that the caller must have */
    void (*destroy)(void *); /* what a made handle is released with */
} abuse_parameter;

typedef struct abuse_function {
    const char *name;
    int32_t (*call)(const abuse_argument *arguments);
    int32_t has_status;
    int32_t count;
    abuse_parameter parameters[ABUSE_PARAMETERS];
} abuse_function;

extern const abuse_function abuse_functions[]; /* generated; ends with a NULL name */

/* Of kernel, targets and the like. */
extern double abuse_numbers[64], abuse_zeros[64];
extern int64_t abuse_integers[64];
extern int32_t abuse_keys[64];
extern counting_allocator abuse_allocator;

/* The handle, made when first asked for. */
void *abuse_get(abuse_world *world, int32_t side, int32_t handle);
const char *abuse_handle_name(int32_t handle);
const char *abuse_handle_type(int32_t handle);
/* Release everything; returns how many allocations are still alive. */
int64_t abuse_end(abuse_world *world);
/* Files that functions read: abuse.csv, abuse.npy, abuse.network, abuse.sampler, abuse.theory. */
void abuse_write_files(void);
/* Prints why, and ends the program. */
void abuse_require(int32_t fact, const char *otherwise);

/* Functions of the caller, and such that fail. */
#define ABUSE_CALLBACKS(X)                                                                                   \
    X(int32_t, mfl_activation_fn, (int64_t count, const double *z, double *value, double *slope, void *data)) \
    X(int32_t, mfl_link_fn, (int64_t count, const double *z, double *value, void *data))                      \
    X(int32_t, mfl_observable_fn, (const mfl_network *network, double *value, void *data))                   \
    X(int32_t, mfl_kernel_fn, (int64_t row_count, const double *rows, int64_t column_count, const double *columns, \
                               int64_t dimension, double *kernel, int64_t stride, void *data))               \
    X(int32_t, mfl_progress_fn, (const char *stage, double fraction, double seconds, void *data))            \
    X(void, mfl_log_fn, (int32_t level, const char *message, void *data))                                    \
    X(void *, mfl_allocate_fn, (size_t size, void *data))                                                    \
    X(void, mfl_release_fn, (void *memory, void *data))
#define ABUSE_DECLARE(result, type, parameters) result valid_##type parameters; result failing_##type parameters;
ABUSE_CALLBACKS(ABUSE_DECLARE)
#undef ABUSE_DECLARE

#endif
