/* SPDX-License-Identifier: BSD-3-Clause */
/* A program of somebody else's, built against the installed library through pkg-config alone. */
#include <stdio.h>

#include <mflearn/mflearn.h>

int main(void)
{
    mfl_context *context;
    mfl_model *model;
    int64_t dimension = 0;
    if (mfl_version_check(MFL_VERSION_MAJOR, MFL_VERSION_MINOR) || mfl_context_create(&context))
        return 1;
    int32_t status = mfl_model_create(context, 20, 128, &model);
    if (status == MFL_OK)
        status = mfl_model_shape(model, &dimension, NULL);
    printf("mflearn %s: %s, dimension %d\n", mfl_version_string(), mfl_status_name(status), (int)dimension);
    mfl_model_destroy(model);
    mfl_context_destroy(context);
    return status != MFL_OK || dimension != 20;
}
