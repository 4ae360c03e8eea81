/* SPDX-License-Identifier: BSD-3-Clause */
#include "ranks.h"

#include <mpi.h>
#include <stdlib.h>

enum { tag_point = 1, tag_record = 2 };

static int32_t launched;

/* What launchers tell their processes. Without one there is nobody to talk to, and MPI would cost half a second. */
static int32_t is_launched(void)
{
    static const char *const signs[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (getenv(signs[i]))
            return 1;
    return 0;
}

int32_t sweep_ranks_begin(int *argc, char ***argv)
{
    int rank, provided;
    launched = is_launched();
    if (!launched)
        return 0;
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided); /* an error ends the job, as MPI's default has it */
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

void sweep_ranks_end(void)
{
    if (launched)
        MPI_Finalize();
}

int32_t sweep_ranks_others(void)
{
    int size = 1;
    if (launched)
        MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size - 1;
}

void sweep_ranks_assign(int32_t rank, int64_t point)
{
    MPI_Send(&point, 1, MPI_INT64_T, rank, tag_point, MPI_COMM_WORLD);
}

int32_t sweep_ranks_collect(int32_t *rank, sweep_record *record)
{
    MPI_Status status;
    int arrived = 0;
    if (launched)
        MPI_Iprobe(MPI_ANY_SOURCE, tag_record, MPI_COMM_WORLD, &arrived, &status);
    if (!arrived)
        return 0;
    MPI_Recv(record, sizeof *record, MPI_BYTE, status.MPI_SOURCE, tag_record, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    *rank = status.MPI_SOURCE;
    return 1;
}

void sweep_ranks_dismiss(int32_t rank)
{
    sweep_ranks_assign(rank, -1);
}

int64_t sweep_ranks_next(void)
{
    int64_t point;
    MPI_Recv(&point, 1, MPI_INT64_T, 0, tag_point, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return point;
}

/* While a rank works, rank 0 has nothing else to tell it. */
int32_t sweep_ranks_dismissed(void)
{
    int arrived;
    MPI_Iprobe(0, tag_point, MPI_COMM_WORLD, &arrived, MPI_STATUS_IGNORE);
    return arrived;
}

void sweep_ranks_report(const sweep_record *record)
{
    MPI_Send(record, sizeof *record, MPI_BYTE, 0, tag_record, MPI_COMM_WORLD);
}
