/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks out of the library's container, apart from the file system so that it can be tested on hostile bytes. */
#ifndef MFLI_NETWORK_FILE_H
#define MFLI_NETWORK_FILE_H

#include <mflearn/types.h>

#include "io/state.h"

int32_t mfli_network_from_state(const mfli_state *state, mfl_network **out);

#endif
