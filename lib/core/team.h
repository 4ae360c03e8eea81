/* SPDX-License-Identifier: BSD-3-Clause */
/* A team of threads that shares a loop. Which thread runs which iteration is not defined; callers make results
 * independent of it by giving each iteration its own output. */
#ifndef MFLI_CORE_TEAM_H
#define MFLI_CORE_TEAM_H

#include <mflearn/types.h>

/* One iteration. `thread` counts from 0 (the thread that began the loop) to `threads` - 1. Iteration 0 is the calling thread's,
 * so that a loop which reports progress from thread 0 always does. */
typedef void (*mfli_team_fn)(void *data, int64_t index, int32_t thread);
/* Called on the calling thread while it waits for the others, about 20 times a second. */
typedef void (*mfli_team_tick)(void *data);

/* Run fn for index 0 .. count - 1 on up to `threads` threads, the calling one among them; tick may be NULL.
 * Fewer threads are used when the system refuses to start more. Iterations may begin loops themselves: threads that
 * find nothing left to do in the outer loop help in the inner ones (not on an OpenMP runtime, where those run alone). */
void mfli_team_for(mfl_context *context, int32_t threads, int64_t count, mfli_team_fn fn, mfli_team_tick tick,
                   void *data);

/* How many threads a loop begun now by this thread would find, at most `threads`; for dividing work, no promise. */
int32_t mfli_team_free(const mfl_context *context, int32_t threads);

/* Were this context's threads started before a fork, in another process? */
int32_t mfli_team_is_foreign(const mfl_context *context);

void mfli_team_destroy(mfl_context *context);

#endif
