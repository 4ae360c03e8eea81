/* SPDX-License-Identifier: BSD-3-Clause */
#include "faults.h"

static int32_t unchanged_globals(mfl_context *context)
{
    int32_t status = MFL_OK, number = 0;
    (void)context;
    fault_require(CALL(mfl_version_string, ())[0] != '\0', "mfl_version_string is empty");
    fault_require(CALL(mfl_status_name, (MFL_ERROR_MEMORY))[0] != '\0', "mfl_status_name is empty");
    fault_require(CALL(mfl_status_message, (MFL_ERROR_MEMORY))[0] != '\0', "mfl_status_message is empty");
    NEXT(status, mfl_status_at, (0, &number));
    NEXT(status, mfl_version, (&number, NULL, NULL));
    NEXT(status, mfl_version_check, (MFL_VERSION_MAJOR, MFL_VERSION_MINOR));
    NEXT(status, mfl_version_feature, ("hdf5", &number));
    return status;
}

static void sink(int32_t level, const char *message, void *user_data)
{
    (void)level, (void)message, (void)user_data;
}

static int32_t go_on(const char *stage, double fraction, double seconds, void *user_data)
{
    (void)stage, (void)fraction, (void)seconds, (void)user_data;
    return 0;
}

static int32_t services(mfl_context *context)
{
    int32_t status = MFL_OK, number;
    const char *name;
    char text[512];
    mfl_context *own = NULL;
    MAKE(status, own, mfl_context_create, (&own));
    CALL(mfl_context_destroy, (own));
    NEXT(status, mfl_context_set_log, (context, sink, NULL));
    NEXT(status, mfl_context_set_progress, (context, go_on, NULL));
    CALL(mfl_context_cancel, (context));
    NEXT(status, mfl_context_resume, (context));
    NEXT(status, mfl_context_instruction_set, (context, &number, &name));
    NEXT(status, mfl_context_threads, (context, &number));
    NEXT(status, mfl_context_provenance, (context, text, sizeof text, NULL));
    fault_require(status || CALL(mfl_context_message, (context))[0] == '\0', "a message after success");
    return status;
}

static int32_t options(mfl_context *context)
{
    mfl_options *table;
    mfl_model *model = NULL;
    int32_t status = MFL_OK, number;
    int64_t integer;
    double value;
    size_t count;
    char text[512];
    NEXT(status, mfl_context_options, (context, &table));
    NEXT(status, mfl_options_count, (table, &count));
    NEXT(status, mfl_options_key, (table, 0, &number));
    NEXT(status, mfl_options_find, (table, "seed", &number));
    NEXT(status, mfl_options_describe, (table, number, NULL, NULL, NULL, NULL));
    NEXT(status, mfl_options_bounds_int, (table, number, NULL, NULL, NULL));
    NEXT(status, mfl_options_set_int, (table, number, 7));
    NEXT(status, mfl_options_get_int, (table, number, &integer));
    NEXT(status, mfl_options_set_text, (table, "seed", "8"));
    NEXT(status, mfl_options_is_set, (table, number, &number));
    NEXT(status, mfl_options_reset, (table, MFL_CONTEXT_SEED));
    NEXT(status, mfl_options_write, (table, text, sizeof text, NULL));
    MAKE(status, model, mfl_model_create, (context, 4, 8, &model));
    NEXT(status, mfl_model_options, (model, &table));
    NEXT(status, mfl_options_bounds_double, (table, MFL_MODEL_GAMMA, NULL, NULL, NULL));
    NEXT(status, mfl_options_set_double, (table, MFL_MODEL_GAMMA, 1.0));
    NEXT(status, mfl_options_get_double, (table, MFL_MODEL_GAMMA, &value));
    CALL(mfl_model_destroy, (model));
    return status;
}

const fault_scenario faults_context[] = {
    {"functions without a context", unchanged_globals},
    {"services of a context", services},
    {"options", options},
    {NULL, NULL},
};
