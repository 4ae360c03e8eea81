/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "faults.h"

static int32_t linear(int64_t count, const double *z, double *value, double *derivative, void *user_data)
{
    (void)user_data;
    for (int64_t i = 0; i < count; i++) {
        value[i] = z[i];
        derivative[i] = 1.0;
    }
    return 0;
}

static int32_t networks(mfl_context *context)
{
    mfl_model *model = NULL;
    mfl_network *network = NULL;
    mfl_task *task = NULL;
    mfl_dataset *data = NULL, *columns = NULL;
    double w[12], a[4], x[3] = {1.0, -1.0, 1.0}, f, u, m, error;
    int64_t dimension, width;
    int32_t status = MFL_OK;
    MAKE(status, model, mfl_model_create, (context, 3, 4, &model));
    MAKE(status, network, mfl_network_create, (model, &network));
    MAKE(status, task, mfl_task_create_parity, (context, 3, 2, &task));
    MAKE(status, data, mfl_dataset_draw, (task, 5, 0.0, 0, MFL_ROLE_TRAIN, &data));
    NEXT(status, mfl_model_check_task, (model, task));
    NEXT(status, mfl_network_draw_prior, (network, 0));
    NEXT(status, mfl_network_plant, (network, task));
    NEXT(status, mfl_network_shape, (network, &dimension, &width));
    NEXT(status, mfl_network_copy_weights, (network, w, 3, a));
    NEXT(status, mfl_network_set_weights, (network, w, 3, a));
    NEXT(status, mfl_network_forward, (network, x, 1, 3, &f));
    NEXT(status, mfl_network_potential, (network, data, 0.1, &u, w, 3, a));
    MAKE(status, columns, mfl_dataset_view, (context, 2, 3, w, 1, 2, a, &columns)); /* not row by row */
    NEXT(status, mfl_network_potential, (network, columns, 0.1, &u, NULL, 0, NULL));
    NEXT(status, mfl_network_order_parameter, (network, task, &m));
    NEXT(status, mfl_network_measure_order_parameter, (network, task, data, &m, &error));
    CALL(mfl_dataset_destroy, (columns));
    CALL(mfl_dataset_destroy, (data));
    CALL(mfl_task_destroy, (task));
    CALL(mfl_network_destroy, (network));
    CALL(mfl_model_destroy, (model));
    return status;
}

static int32_t files(mfl_context *context)
{
    mfl_model *model = NULL;
    mfl_network *network = NULL, *loaded = NULL;
    int32_t status = MFL_OK;
    MAKE(status, model, mfl_model_create, (context, 3, 4, &model));
    NEXT(status, mfl_model_set_activation, (model, linear, NULL));
    MAKE(status, network, mfl_network_create, (model, &network));
    NEXT(status, mfl_network_save, (network, "faults.network"));
    MAKE(status, loaded, mfl_network_load, (context, "faults.network", &loaded));
    NEXT(status, mfl_network_set_activation, (loaded, linear, NULL));
    CALL(mfl_network_destroy, (loaded));
    CALL(mfl_network_destroy, (network));
    CALL(mfl_model_destroy, (model));
    remove("faults.network");
    return status;
}

const fault_scenario faults_network[] = {
    {"networks", networks},
    {"network files", files},
    {NULL, NULL},
};
