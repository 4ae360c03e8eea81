/* SPDX-License-Identifier: BSD-3-Clause */
/* A program that writes a state file over and over is killed 60 times, at delays from 0 to 12 ms. Whatever it was
 * doing, the file must be a complete one, and no older than at the kill before. */
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "core/context.h"
#include "io/state.h"
#include "rng/stream.h"
#include "../run.h"
#include "../scratch.h"

enum { kills = 60, numbers = 20000 };

static const uint32_t name = MFLI_STATE_NAME('D', 'A', 'T', 'A');

static double values[numbers];

/* Every number of generation n is n. */
static void write_generation(mfl_context *context, const char *path, double generation)
{
    for (int i = 0; i < numbers; i++)
        values[i] = generation;
    const mfli_section section = {name, MFLI_SECTION_DOUBLE, numbers, values};
    if (mfli_state_write(context, path, MFLI_STATE_NETWORK, 1, &section, 1))
        _exit(1);
}

static double read_generation(mfl_context *context, const char *path)
{
    mfli_state state;
    ck_assert_int_eq(mfli_state_open(context, path, MFLI_STATE_NETWORK, 1, &state), MFL_OK);
    ck_assert_int_eq(mfli_state_double(&state, name, numbers, values), MFL_OK);
    mfli_state_close(&state);
    int strangers = 0; /* counted, for Check keeps a record of every assertion that holds */
    for (int i = 1; i < numbers; i++)
        strangers += values[i] != values[0];
    ck_assert_int_eq(strangers, 0);
    return values[0];
}

static pid_t start_writer(mfl_context *context, const char *path, double generation)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child > 0)
        return child;
    for (;; generation++) /* until it is killed */
        write_generation(context, path, generation);
}

START_TEST(a_killed_writer_leaves_a_complete_file)
{
    mfl_context *context;
    scratch_make();
    const char *path = scratch_path("state");
    const mfli_stream stream = {.seed = 1, .purpose = MFLI_PURPOSE_USER};
    double delays[kills], generation = 0.0, first = 0.0;
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    write_generation(context, path, generation);
    mfli_uniforms(&stream, 0, kills, delays);
    for (int i = 0; i < kills; i++) {
        int status;
        pid_t child = start_writer(context, path, generation + 1.0);
        nanosleep(&(struct timespec){0, (long)(12e6 * delays[i])}, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status)); /* it ended by the kill, not by a failed write */
        double found = read_generation(context, path);
        ck_assert(found >= generation);
        generation = found;
    }
    ck_assert_msg(generation > first, "no file was ever replaced: the kills came too early to test anything");
    mfl_context_destroy(context);
    scratch_remove();
}
END_TEST

int main(void)
{
    return RUN_TESTS("io_kill", a_killed_writer_leaves_a_complete_file);
}
