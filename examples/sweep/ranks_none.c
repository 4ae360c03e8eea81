/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranks.h"

int32_t sweep_ranks_begin(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

void sweep_ranks_end(void)
{
}

int32_t sweep_ranks_others(void)
{
    return 0;
}

void sweep_ranks_assign(int32_t rank, int64_t point)
{
    (void)rank;
    (void)point;
}

int32_t sweep_ranks_collect(int32_t *rank, sweep_record *record)
{
    (void)rank;
    (void)record;
    return 0;
}

void sweep_ranks_dismiss(int32_t rank)
{
    (void)rank;
}

int64_t sweep_ranks_next(void)
{
    return -1;
}

int32_t sweep_ranks_dismissed(void)
{
    return 0;
}

void sweep_ranks_report(const sweep_record *record)
{
    (void)record;
}
