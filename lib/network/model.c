/* SPDX-License-Identifier: BSD-3-Clause */
#include "network/model.h"

#include <float.h>

#include "core/context.h"

/* Widths and dimensions beyond this are mistakes; their products fit in 64 bits. */
static const int64_t largest_size = INT64_C(1) << 31;

static const mfli_option_spec specs[MFLI_MODEL_OPTIONS] = {
    MFLI_OPTION_DOUBLE(MFL_MODEL_GAMMA, "gamma", 0.0, 2.0, 0.5,
                       "scaling exponent: 0.5 standard scaling, 1 mean-field scaling"),
    MFLI_OPTION_DOUBLE(MFL_MODEL_SIGMA_W, "sigma_w", 1e-150, 1e150, 1.0,
                       "first-layer weights have prior variance sigma_w^2 / d"),
    MFLI_OPTION_DOUBLE(MFL_MODEL_SIGMA_A, "sigma_a", 1e-150, 1e150, 1.0,
                       "readout weights have prior variance sigma_a^2"),
    MFLI_OPTION_CHOICE(MFL_MODEL_ACTIVATION, "activation", "relu|leaky|erf|tanh|gelu|linear|quadratic|caller",
                       MFL_ACTIVATION_CALLER, MFL_ACTIVATION_RELU, "activation function phi(z)"),
    MFLI_OPTION_DOUBLE(MFL_MODEL_LEAK, "leak", -1e3, 1e3, 0.01, "slope of the leaky ReLU for negative arguments"),
};

static const char *const activation_names[] = {"ReLU", "leaky ReLU", "erf",       "tanh",
                                               "GELU", "linear",     "quadratic", "caller's"};

const char *mfli_activation_name(int32_t activation)
{
    return activation_names[activation];
}

int32_t mfli_check_kappa(mfl_context *context, double kappa)
{
    if (kappa >= 1e-150 && kappa <= 1e150)
        return MFL_OK;
    return mfli_fail(context, MFL_ERROR_ARGUMENT, "kappa is %g; the noise must be positive (1e-150 to 1e150)", kappa);
}

static int32_t within(double value, int32_t key)
{
    const mfli_option_spec *spec = &specs[key - MFL_MODEL_GAMMA];
    return value >= spec->least && value <= spec->most;
}

int32_t mfli_model_is_sound(const mfli_model *model)
{
    return model->dimension >= 1 && model->dimension <= largest_size && model->width >= 1
        && model->width <= largest_size && model->activation >= 0 && model->activation <= MFL_ACTIVATION_CALLER
        && within(model->gamma, MFL_MODEL_GAMMA) && within(model->sigma_w, MFL_MODEL_SIGMA_W)
        && within(model->sigma_a, MFL_MODEL_SIGMA_A) && within(model->leak, MFL_MODEL_LEAK);
}

static int32_t create(mfl_context *context, int64_t dimension, int64_t width, mfl_model **out)
{
    if (!out)
        return mfli_fail_null(context, "out");
    if (dimension < 1 || dimension > largest_size)
        return mfli_fail(context, MFL_ERROR_ARGUMENT, "dimension is %lld; it must be between 1 and %lld",
                         (long long)dimension, (long long)largest_size);
    if (width < 0 || width > largest_size)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "width is %lld; it must be between 1 and %lld, or 0 for infinite width",
                         (long long)width, (long long)largest_size);
    mfl_model *model;
    int32_t status = mfli_object_create(context, MFLI_MODEL, sizeof *model, NULL, &model);
    if (status)
        return status;
    model->dimension = dimension;
    model->width = width;
    mfli_options_init(&model->options, &model->object, specs, model->option_values, MFLI_MODEL_OPTIONS);
    *out = model;
    return MFL_OK;
}

int32_t mfl_model_create(mfl_context *context, int64_t dimension, int64_t width, mfl_model **out)
{
    if (out)
        *out = NULL;
    int32_t status = mfli_enter(context, MFLI_CONTEXT);
    return status ? status : mfli_leave(context, create(context, dimension, width, out));
}

void mfl_model_destroy(mfl_model *model)
{
    mfli_destroy(model, MFLI_MODEL);
}

int32_t mfl_model_options(mfl_model *model, mfl_options **options)
{
    return mfli_options_lend(model, MFLI_MODEL, offsetof(mfl_model, options), options);
}

int32_t mfl_model_set_activation(mfl_model *model, mfl_activation_fn activation, void *user_data)
{
    int32_t status = mfli_enter(model, MFLI_MODEL);
    if (status)
        return status;
    if (!activation)
        return mfli_leave(model, mfli_fail_null(model->object.context, "activation"));
    model->activation = activation;
    model->activation_data = user_data;
    model->option_values[MFL_MODEL_ACTIVATION - MFL_MODEL_GAMMA] =
        (mfli_option_value){MFL_ACTIVATION_CALLER, 0.0, 1};
    return mfli_leave(model, MFL_OK);
}

int32_t mfl_model_shape(const mfl_model *model, int64_t *dimension, int64_t *width)
{
    int32_t status = mfli_enter(model, MFLI_MODEL);
    if (status)
        return status;
    if (dimension)
        *dimension = model->dimension;
    if (width)
        *width = model->width;
    return mfli_leave(model, MFL_OK);
}

int32_t mfli_model_read(mfl_context *context, const mfl_model *handle, mfli_model *model)
{
    int32_t status = mfli_check(context, handle, MFLI_MODEL, "model");
    return status ? status : mfli_model_read_entered(handle, model);
}

int32_t mfli_model_read_entered(const mfl_model *handle, mfli_model *model)
{
    const mfl_options *options = &handle->options;
    *model = (mfli_model){
        .dimension = handle->dimension,
        .width = handle->width,
        .gamma = mfli_options_double(options, MFL_MODEL_GAMMA),
        .sigma_w = mfli_options_double(options, MFL_MODEL_SIGMA_W),
        .sigma_a = mfli_options_double(options, MFL_MODEL_SIGMA_A),
        .leak = mfli_options_double(options, MFL_MODEL_LEAK),
        .activation = (int32_t)mfli_options_int(options, MFL_MODEL_ACTIVATION),
        .phi = handle->activation,
        .phi_data = handle->activation_data,
    };
    if (model->activation == MFL_ACTIVATION_CALLER && !model->phi)
        return mfli_fail(handle->object.context, MFL_ERROR_STATE,
                         "the model's activation is the caller's, but none was set; call mfl_model_set_activation");
    return MFL_OK;
}
