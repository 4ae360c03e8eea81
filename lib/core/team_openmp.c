/* SPDX-License-Identifier: BSD-3-Clause */
/* Thread teams on the host's OpenMP runtime, for programs that run one anyway and want one pool of threads. The
 * runtime owns the threads; all that is kept here is the process they were started in. After a fork no context of the
 * child may use threads with this backend, not even a new one: the runtime waits there for threads that do not exist. */
#include <omp.h>
#include <unistd.h>

#include "core/context.h"
#include "core/team.h"

struct mfli_team {
    pid_t process;
};

void mfli_team_for(mfl_context *context, int32_t threads, int64_t count, mfli_team_fn fn, mfli_team_tick tick,
                   void *data)
{
    if (threads > 1 && count > 1 && !context->team) {
        context->team = mfli_alloc(context, 1, sizeof *context->team);
        if (context->team)
            context->team->process = getpid();
    }
    int team_size = count < 1 ? 1 : count < threads ? (int)count : (int)threads;
    if (!context->team)
        team_size = 1;
    (void)tick; /* the runtime offers no timed wait */
#pragma omp parallel num_threads(team_size) if (team_size > 1)
    {
        const int32_t me = (int32_t)omp_get_thread_num();
        if (me == 0 && count > 0)
            fn(data, 0, 0);
#pragma omp for schedule(dynamic, 1)
        for (int64_t i = 1; i < count; i++)
            fn(data, i, me);
    }
}

int32_t mfli_team_free(const mfl_context *context, int32_t threads)
{
    (void)context;
    return omp_in_parallel() ? 1 : threads;
}

int32_t mfli_team_is_foreign(const mfl_context *context)
{
    return context->team && context->team->process != getpid();
}

void mfli_team_destroy(mfl_context *context)
{
    mfli_free(context, context->team);
    context->team = NULL;
}
