/* SPDX-License-Identifier: BSD-3-Clause */
/* The handles of abuse.h, small ones, and the functions and files that they need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abuse.h"

double abuse_numbers[64], abuse_zeros[64];
int64_t abuse_integers[64];
int32_t abuse_keys[64];
counting_allocator abuse_allocator;

void abuse_require(int32_t fact, const char *otherwise)
{
    if (fact)
        return;
    printf("\n%s\n", otherwise);
    exit(2);
}

static void must(int32_t status, const char *what)
{
    if (status)
        printf("\n%s: ", mfl_status_name(status));
    abuse_require(status == MFL_OK, what);
}
#define MUST(function, arguments) must(function arguments, #function)

/* --- functions of the caller --- */

int32_t valid_mfl_activation_fn(int64_t count, const double *z, double *value, double *slope, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i] * z[i];
        slope[i] = 2.0 * z[i];
    }
    return 0;
}

int32_t failing_mfl_activation_fn(int64_t count, const double *z, double *value, double *slope, void *data)
{
    (void)count, (void)z, (void)value, (void)slope, (void)data;
    return 1;
}

int32_t valid_mfl_link_fn(int64_t count, const double *z, double *value, void *data)
{
    (void)data;
    for (int64_t i = 0; i < count; i++)
        value[i] = z[i] * z[i];
    return 0;
}

int32_t failing_mfl_link_fn(int64_t count, const double *z, double *value, void *data)
{
    (void)count, (void)z, (void)value, (void)data;
    return 1;
}

int32_t valid_mfl_observable_fn(const mfl_network *network, double *value, void *data)
{
    (void)network, (void)data;
    *value = 1.0;
    return 0;
}

int32_t failing_mfl_observable_fn(const mfl_network *network, double *value, void *data)
{
    (void)network, (void)value, (void)data;
    return 1;
}

int32_t valid_mfl_kernel_fn(int64_t row_count, const double *rows, int64_t column_count, const double *columns,
                            int64_t dimension, double *kernel, int64_t stride, void *data)
{
    (void)data;
    for (int64_t i = 0; i < row_count; i++)
        for (int64_t j = 0; j < column_count; j++)
            kernel[i * stride + j] = rows[i * dimension] * columns[j * dimension];
    return 0;
}

int32_t failing_mfl_kernel_fn(int64_t row_count, const double *rows, int64_t column_count, const double *columns,
                              int64_t dimension, double *kernel, int64_t stride, void *data)
{
    (void)row_count, (void)rows, (void)column_count, (void)columns;
    (void)dimension, (void)kernel, (void)stride, (void)data;
    return 1;
}

int32_t valid_mfl_progress_fn(const char *stage, double fraction, double seconds, void *data)
{
    (void)stage, (void)fraction, (void)seconds, (void)data;
    return 0;
}

int32_t failing_mfl_progress_fn(const char *stage, double fraction, double seconds, void *data)
{
    (void)stage, (void)fraction, (void)seconds, (void)data;
    return 1;
}

void valid_mfl_log_fn(int32_t level, const char *message, void *data)
{
    (void)level, (void)message, (void)data;
}

void failing_mfl_log_fn(int32_t level, const char *message, void *data)
{
    (void)level, (void)message, (void)data;
}

void *valid_mfl_allocate_fn(size_t size, void *data)
{
    return counting_allocate(size, data);
}

void *failing_mfl_allocate_fn(size_t size, void *data)
{
    (void)size, (void)data;
    return NULL;
}

void valid_mfl_release_fn(void *memory, void *data)
{
    counting_release(memory, data);
}

void failing_mfl_release_fn(void *memory, void *data)
{
    counting_release(memory, data);
}

/* --- handles --- */

/* No test needs as much; whatever asks for it took a size from the caller for granted. */
enum { MOST_BYTES = 1 << 28 };

static void *limited_allocate(size_t size, void *data)
{
    return size > MOST_BYTES ? NULL : counting_allocate(size, data);
}

#define GET(name) abuse_get(world, side, ABUSE_##name)
#define MAKER(name) static void *make_##name(abuse_world *world, int32_t side)

MAKER(context)
{
    mfl_context *context = NULL;
    mfl_options *options;
    MUST(mfl_context_create_with_allocator, (limited_allocate, counting_release, &world->allocators[side], &context));
    MUST(mfl_context_options, (context, &options));
    MUST(mfl_options_set_int, (options, MFL_CONTEXT_THREADS, 1));
    return context;
}

MAKER(options)
{
    mfl_options *options;
    MUST(mfl_context_options, (GET(context), &options));
    return options;
}

MAKER(options_of_model)
{
    mfl_options *options;
    MUST(mfl_model_options, (GET(model), &options));
    return options;
}

/* A function that makes a handle of the type from a few arguments. */
#define SIMPLE(type, name, function, ...)                                                                    \
    MAKER(name)                                                                                              \
    {                                                                                                        \
        mfl_##type *made = NULL;                                                                             \
        MUST(function, (__VA_ARGS__, &made));                                                                \
        return made;                                                                                         \
    }

static int64_t one_and_one[] = {1, 1};

SIMPLE(task, task, mfl_task_create_parity, GET(context), 2, 2)
SIMPLE(task, task_of_sum, mfl_task_create_sum, GET(context), 2, 2, 1, one_and_one, abuse_numbers)
SIMPLE(task, task_of_hermite, mfl_task_create_hermite, GET(context), 2, 2)
SIMPLE(task, task_failing, mfl_task_create_caller, GET(context), 2, failing_mfl_link_fn, NULL)
SIMPLE(task, task_other_dimension, mfl_task_create_parity, GET(context), 4, 2)
SIMPLE(dataset, dataset, mfl_dataset_draw, GET(task), 5, 0.1, 0, MFL_ROLE_TRAIN)
SIMPLE(dataset, dataset_without_targets, mfl_dataset_copy, GET(context), 5, 2, abuse_numbers, 2, 1, NULL)
SIMPLE(dataset, dataset_other_dimension, mfl_dataset_draw, GET(task_other_dimension), 5, 0.1, 0, MFL_ROLE_TRAIN)
SIMPLE(dataset, dataset_standardised, mfl_dataset_standardise, GET(dataset), 1)
SIMPLE(model, model, mfl_model_create, GET(context), 2, 4)
SIMPLE(model, model_infinite, mfl_model_create, GET(context), 2, 0)
SIMPLE(model, model_other_dimension, mfl_model_create, GET(context), 4, 4)
SIMPLE(network, network_other_dimension, mfl_network_create, GET(model_other_dimension))
SIMPLE(network, network_without_activation, mfl_network_load, GET(context), "caller.network")
SIMPLE(network, network_failing, mfl_network_create, GET(model_failing))
SIMPLE(ridge, ridge_not_fitted, mfl_ridge_create, GET(model_infinite))
SIMPLE(ridge, ridge_failing, mfl_ridge_create, GET(model_failing))
SIMPLE(spectrum, spectrum, mfl_spectrum_of_task, GET(ridge_not_fitted), GET(task_of_hermite), 4)
SIMPLE(spectrum, spectrum_of_numbers, mfl_spectrum_create, GET(context), 2, abuse_numbers, NULL, 0.1)
SIMPLE(theory, theory_not_solved, mfl_theory_create, GET(context), GET(task), GET(model))
SIMPLE(diagram, diagram, mfl_diagram_create, GET(theory), abuse_numbers, 2, abuse_numbers, 2)

MAKER(model_without_activation)
{
    mfl_model *model = NULL;
    mfl_options *options;
    MUST(mfl_model_create, (GET(context), 2, 4, &model));
    MUST(mfl_model_options, (model, &options));
    MUST(mfl_options_set_int, (options, MFL_MODEL_ACTIVATION, MFL_ACTIVATION_CALLER));
    return model;
}

MAKER(model_failing)
{
    mfl_model *model = NULL;
    MUST(mfl_model_create, (GET(context), 2, 4, &model));
    MUST(mfl_model_set_activation, (model, failing_mfl_activation_fn, NULL));
    return model;
}

MAKER(network)
{
    mfl_network *network = NULL;
    MUST(mfl_network_create, (GET(model), &network));
    MUST(mfl_network_draw_prior, (network, 0));
    return network;
}

static mfl_sampler *new_sampler(abuse_world *world, int32_t side, mfl_model *model)
{
    mfl_sampler *sampler = NULL;
    mfl_options *options;
    MUST(mfl_sampler_create, (model, GET(dataset), 0.5, &sampler));
    MUST(mfl_sampler_options, (sampler, &options));
    MUST(mfl_options_set_int, (options, MFL_SAMPLER_METHOD, MFL_METHOD_HMC));
    MUST(mfl_options_set_int, (options, MFL_SAMPLER_DRAWS, 4));
    MUST(mfl_options_set_int, (options, MFL_SAMPLER_BURN_IN, 4));
    return sampler;
}

MAKER(sampler_not_run)
{
    return new_sampler(world, side, GET(model));
}

MAKER(sampler_failing)
{
    return new_sampler(world, side, GET(model_failing));
}

MAKER(sampler)
{
    mfl_sampler *sampler = new_sampler(world, side, GET(model));
    MUST(mfl_sampler_set_test, (sampler, GET(dataset)));
    MUST(mfl_sampler_set_task, (sampler, GET(task)));
    MUST(mfl_sampler_run, (sampler));
    return sampler;
}

MAKER(ridge)
{
    mfl_ridge *ridge = NULL;
    MUST(mfl_ridge_create, (GET(model_infinite), &ridge));
    MUST(mfl_ridge_fit, (ridge, GET(dataset), 0.5));
    return ridge;
}

MAKER(ridge_of_matrix)
{
    static const double identity[25] = {[0] = 1.0, [6] = 1.0, [12] = 1.0, [18] = 1.0, [24] = 1.0};
    mfl_ridge *ridge = NULL;
    mfl_options *options;
    MUST(mfl_ridge_create, (GET(model_infinite), &ridge));
    MUST(mfl_ridge_options, (ridge, &options));
    MUST(mfl_options_set_int, (options, MFL_RIDGE_KERNEL, MFL_RIDGE_KERNEL_PRECOMPUTED));
    MUST(mfl_ridge_fit_matrix, (ridge, 5, identity, 5, abuse_numbers, 0.5));
    return ridge;
}

MAKER(theory)
{
    mfl_theory *theory = make_theory_not_solved(world, side);
    mfl_options *options;
    MUST(mfl_theory_options, (theory, &options));
    MUST(mfl_options_set_double, (options, MFL_THEORY_TOLERANCE, 1e-2));
    MUST(mfl_theory_solve, (theory, 4.0, 0.5));
    return theory;
}

MAKER(theory_of_data_not_solved)
{
    mfl_theory *theory = NULL;
    mfl_options *options;
    MUST(mfl_theory_create_empirical, (GET(context), GET(model), GET(dataset), GET(task), &theory));
    MUST(mfl_theory_options, (theory, &options));
    MUST(mfl_options_set_int, (options, MFL_THEORY_PARTICLES, 4));
    MUST(mfl_options_set_int, (options, MFL_THEORY_SWEEPS, 48));
    return theory;
}

MAKER(theory_of_data)
{
    mfl_theory *theory = make_theory_of_data_not_solved(world, side);
    MUST(mfl_theory_solve, (theory, 4.0, 0.5));
    return theory;
}

MAKER(path_not_followed)
{
    mfl_path *path = NULL;
    mfl_options *options;
    MUST(mfl_path_create, (GET(theory), &path));
    MUST(mfl_path_options, (path, &options));
    MUST(mfl_options_set_double, (options, MFL_PATH_STEP, 0.2));
    return path;
}

MAKER(path)
{
    mfl_path *path = make_path_not_followed(world, side);
    MUST(mfl_path_follow, (path, MFL_PATH_KAPPA, 1.0, 0.4, 5.0, 0.0));
    return path;
}

#define NAMED(type, name) {#type, #name, make_##name},
static const struct {
    const char *type, *name;
    void *(*make)(abuse_world *world, int32_t side);
} makers[] = {ABUSE_HANDLES(NAMED)};

void *abuse_get(abuse_world *world, int32_t side, int32_t handle)
{
    void **kept = &world->handles[side][handle];
    if (!*kept)
        *kept = makers[handle].make(world, side);
    return *kept;
}

const char *abuse_handle_name(int32_t handle)
{
    return makers[handle].name;
}

const char *abuse_handle_type(int32_t handle)
{
    return makers[handle].type;
}

static void destroy(const char *type, void *handle)
{
#define DESTROY(name)                                                                                        \
    if (strcmp(type, #name) == 0)                                                                            \
        mfl_##name##_destroy(handle);
    DESTROY(context)
    DESTROY(task)
    DESTROY(dataset)
    DESTROY(model)
    DESTROY(network)
    DESTROY(sampler)
    DESTROY(ridge)
    DESTROY(spectrum)
    DESTROY(theory)
    DESTROY(path)
    DESTROY(diagram)
}

int64_t abuse_end(abuse_world *world)
{
    for (int32_t side = 0; side < 2; side++)
        for (int32_t i = 0; i < ABUSE_HANDLE_COUNT; i++)
            if (world->handles[side][i])
                destroy(makers[i].type, world->handles[side][i]);
    return world->allocators[0].live + world->allocators[1].live;
}

/* --- files --- */

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    abuse_require(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "cannot write a file");
}

static void write_npy(void)
{
    static const char header[118] = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }";
    unsigned char bytes[128 + 8 * sizeof(double)] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    memset(bytes + 10, ' ', 118);
    memcpy(bytes + 10, header, strlen(header));
    bytes[127] = '\n';
    memcpy(bytes + 128, abuse_numbers, 8 * sizeof(double));
    write_file("abuse.npy", bytes, sizeof bytes);
}

void abuse_write_files(void)
{
    static const char csv[] = "a,b,y\n1,2,3\n-1,0.5,2\n", damaged[] = "\x7f no file of any format\n";
    abuse_world kept = {.handles = {{NULL}}}, *world = &kept;
    mfl_model *model = NULL;
    mfl_network *network = NULL;
    mfl_theory *theory = NULL;
    int32_t side = 0;
    remove("abuse.sampler");
    remove("abuse.theory");
    write_file("abuse.csv", csv, sizeof csv - 1);
    write_file("damaged", damaged, sizeof damaged);
    write_npy();
    MUST(mfl_network_save, (GET(network), "abuse.network"));
    MUST(mfl_model_create, (GET(context), 2, 4, &model));
    MUST(mfl_model_set_activation, (model, valid_mfl_activation_fn, NULL));
    MUST(mfl_network_create, (model, &network));
    MUST(mfl_network_save, (network, "caller.network"));
    mfl_network_destroy(network);
    mfl_model_destroy(model);
    mfl_sampler *sampler = GET(sampler_not_run);
    MUST(mfl_sampler_run, (sampler));
    MUST(mfl_sampler_save, (sampler, "abuse.sampler"));
    theory = GET(theory_of_data_not_solved);
    MUST(mfl_theory_set_checkpoint, (theory, "abuse.theory", 1e6));
    MUST(mfl_theory_solve, (theory, 4.0, 0.5));
    abuse_require(abuse_end(world) == 0, "writing files leaks");
}
