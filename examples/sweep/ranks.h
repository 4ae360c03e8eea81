/* SPDX-License-Identifier: BSD-3-Clause */
/* Other processes that measure points, by MPI: rank 0 gives points out and collects, all others work. Built without MPI
 * there are none. Only the thread that called sweep_ranks_begin() may call these. */
#ifndef EXAMPLES_SWEEP_RANKS_H
#define EXAMPLES_SWEEP_RANKS_H

#include "journal.h"

/* The rank of this process. */
int32_t sweep_ranks_begin(int *argc, char ***argv);
void sweep_ranks_end(void);

/* Of rank 0: how many others there are, */
int32_t sweep_ranks_others(void);
/* give a point to rank 1 ... others, */
void sweep_ranks_assign(int32_t rank, int64_t point);
/* the result of some rank; 0: there is none now, */
int32_t sweep_ranks_collect(int32_t *rank, sweep_record *record);
/* tell a rank that there is nothing more to do. A measurement that is under way ends as cancelled, and is reported. */
void sweep_ranks_dismiss(int32_t rank);

/* Of the others: the next point, -1 at the end, */
int64_t sweep_ranks_next(void);
/* was this rank dismissed while it works? */
int32_t sweep_ranks_dismissed(void);
/* and the answer. */
void sweep_ranks_report(const sweep_record *record);

#endif
