/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the tests of extreme numbers: a call either succeeds, or returns a status that it documents for numbers out of
 * reach, with a sentence. */
#ifndef TESTS_EXTREMES_H
#define TESTS_EXTREMES_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <mflearn/mflearn.h>

#include "../run.h"

static mfl_context *context;

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s: %s", #call, mfl_context_message(context))

/* How often calls succeeded and were refused. Failures are looked at one by one, successes are only counted: Check keeps
 * a record of every assertion. */
static int64_t answered, refused;

/* 1 where there is an answer. */
static inline int32_t has_answer(int32_t status, const char *call)
{
    if (status == MFL_OK) {
        answered++;
        return 1;
    }
    refused++;
    if (status != MFL_ERROR_TOLERANCE && status != MFL_ERROR_DIVERGED && status != MFL_ERROR_NOT_FINITE &&
        status != MFL_ERROR_NOT_POSITIVE_DEFINITE && status != MFL_ERROR_ARGUMENT)
        ck_abort_msg("%s: %s: %s", call, mfl_status_name(status), mfl_context_message(context));
    if (!*mfl_context_message(context))
        ck_abort_msg("%s: %s without a sentence", call, mfl_status_name(status));
    return 0;
}
#define HAS_ANSWER(call) has_answer((call), #call)

static inline void all_finite(const double *values, int64_t count, const char *what, double scale)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            ck_abort_msg("%s[%lld] is %g at scale %g", what, (long long)i, values[i], scale);
}

static inline void one_thread(void)
{
    mfl_options *options;
    OK(mfl_context_create(&context));
    OK(mfl_context_options(context, &options));
    OK(mfl_options_set_int(options, MFL_CONTEXT_THREADS, 1));
}

static inline void give_up_context(void)
{
    mfl_context_destroy(context);
}

#endif
