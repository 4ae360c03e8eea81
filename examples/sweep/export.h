/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables made from a journal: DIRECTORY/sweep.csv, and sweep.h5 where the program was built with HDF5. Rows stand in the
 * order of the grid. */
#ifndef EXAMPLES_SWEEP_EXPORT_H
#define EXAMPLES_SWEEP_EXPORT_H

#include "grid.h"
#include "journal.h"

void sweep_export_csv(const sweep_grid *grid, const sweep_journal *journal, const char *directory);

/* One data set for each column: numbers, and text for axes that are names. 0: built without HDF5. */
int32_t sweep_export_hdf5(const sweep_grid *grid, const sweep_journal *journal, const char *directory);

#endif
