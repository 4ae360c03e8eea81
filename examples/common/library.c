/* SPDX-License-Identifier: BSD-3-Clause */
#include "library.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "arguments.h"

static mfl_context *context; /* for the signal handler */

static void interrupt(int signal_number)
{
    (void)signal_number;
    mfl_context_cancel(context);
}

mfl_context *ex_start(void)
{
    if (mfl_version_check(MFL_VERSION_MAJOR, MFL_VERSION_MINOR))
        ex_die("this program was built for mflearn %s and found %s", MFL_VERSION_STRING, mfl_version_string());
    if (mfl_context_create(&context))
        ex_die("out of memory");
    return context;
}

void ex_catch_interrupts(void)
{
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
}

void ex_check(int32_t status)
{
    if (status == MFL_ERROR_CANCELLED)
        exit(130);
    if (status)
        ex_die("%s", *mfl_context_message(context) ? mfl_context_message(context) : mfl_status_message(status));
}

double ex_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
