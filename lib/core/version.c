/* SPDX-License-Identifier: BSD-3-Clause */
#include <mflearn/status.h>
#include <mflearn/version.h>

#include <string.h>

#include "config.h"

const char *mfl_version_string(void)
{
    return MFL_VERSION_STRING;
}

int32_t mfl_version(int32_t *major, int32_t *minor, int32_t *patch)
{
    if (major)
        *major = MFL_VERSION_MAJOR;
    if (minor)
        *minor = MFL_VERSION_MINOR;
    if (patch)
        *patch = MFL_VERSION_PATCH;
    return MFL_OK;
}

int32_t mfl_version_check(int32_t major, int32_t minor)
{
    const int32_t library_major = MFL_VERSION_MAJOR, library_minor = MFL_VERSION_MINOR;
    int32_t fits = major == library_major && minor >= 0 && minor <= library_minor;
    return fits ? MFL_OK : MFL_ERROR_VERSION;
}

int32_t mfl_version_feature(const char *name, int32_t *present)
{
    if (!name || !present)
        return MFL_ERROR_NULL;
    if (strcmp(name, "hdf5") == 0)
        *present = MFLI_HAVE_HDF5;
    else if (strcmp(name, "openmp") == 0)
        *present = MFLI_HAVE_OPENMP;
    else
        return MFL_ERROR_ARGUMENT;
    return MFL_OK;
}
