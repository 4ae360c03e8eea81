/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints of theories of a training set: a solve that goes on from one finds the same bits as one that
 * was never interrupted. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include <mflearn/mflearn.h>

#include "../run.h"
#include "../scratch.h"

#define OK(call) ck_assert_msg((call) == MFL_OK, "%s", mfl_context_message(context))

enum { rows = 30, columns = 5, numbers = 4 };

typedef struct job {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train;
    mfl_theory *theory;
} job;

static mfl_context *context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
}

static void close_context(void)
{
    mfl_context_destroy(context);
}

static job make_job(int32_t preset, int64_t width, int64_t sweeps)
{
    job made;
    mfl_options *options;
    OK(mfl_task_create_parity(context, columns, 2, &made.task));
    OK(mfl_model_create(context, columns, width, &made.model));
    OK(mfl_dataset_draw(made.task, rows, 0.1, 0, MFL_ROLE_TRAIN, &made.train));
    OK(mfl_theory_create_empirical(context, made.model, made.train, made.task, &made.theory));
    OK(mfl_theory_use(made.theory, preset));
    OK(mfl_theory_options(made.theory, &options));
    OK(mfl_options_set_int(options, MFL_THEORY_PARTICLES, 96));
    OK(mfl_options_set_int(options, MFL_THEORY_SWEEPS, sweeps));
    OK(mfl_options_set_double(options, MFL_THEORY_TOLERANCE, 1e-6));
    return made;
}

static void end_job(job *made)
{
    mfl_theory_destroy(made->theory);
    mfl_dataset_destroy(made->train);
    mfl_model_destroy(made->model);
    mfl_task_destroy(made->task);
}

static void read_numbers(const job *made, double found[numbers])
{
    static const double inputs[columns] = {1, -1, 1, 1, -1};
    double variance;
    OK(mfl_theory_get(made->theory, MFL_THEORY_OVERLAP, &found[0], NULL));
    OK(mfl_theory_get(made->theory, MFL_THEORY_M, &found[1], NULL));
    OK(mfl_theory_get(made->theory, MFL_THEORY_R_HAT, &found[2], NULL));
    OK(mfl_theory_predict(made->theory, inputs, 1, columns, &found[3], &variance));
}

static void solve_whole(int32_t preset, int64_t sweeps, double found[numbers])
{
    job whole = make_job(preset, 32, sweeps);
    OK(mfl_theory_solve(whole.theory, rows, 0.2));
    read_numbers(&whole, found);
    end_job(&whole);
}

/* A solve of 50 sweeps that ended by their number is continued to 80. */
START_TEST(more_sweeps_are_those_of_a_longer_solve)
{
    for (int32_t preset = MFL_THEORY_MF; preset <= MFL_THEORY_MF_SCREENED; preset++) {
        double expected[numbers], found[numbers];
        scratch_make();
        job first = make_job(preset, 32, 50), second = make_job(preset, 32, 80);
        OK(mfl_theory_set_checkpoint(first.theory, scratch_path("run"), 1e6));
        OK(mfl_theory_solve(first.theory, rows, 0.2));
        OK(mfl_theory_resume(second.theory, scratch_path("run"), 1e6));
        read_numbers(&second, found);
        solve_whole(preset, 80, expected);
        ck_assert_mem_eq(found, expected, sizeof found);
        /* what is complete is found again */
        OK(mfl_theory_resume(second.theory, scratch_path("run"), 1e6));
        read_numbers(&second, found);
        ck_assert_mem_eq(found, expected, sizeof found);
        end_job(&second);
        end_job(&first);
        scratch_remove();
    }
}
END_TEST

static void wait_for(double seconds)
{
    const struct timespec time = {(time_t)seconds, (long)(1e9 * fmod(seconds, 1.0))};
    nanosleep(&time, NULL);
}

/* A process that solves and is killed. */
static void start_and_kill(int32_t preset, int64_t sweeps, double seconds)
{
    pid_t child = fork();
    if (child == 0) {
        job killed = make_job(preset, 32, sweeps);
        int32_t status = mfl_theory_set_checkpoint(killed.theory, scratch_path("run"), 0.0);
        if (status != MFL_OK)
            status = mfl_theory_resume(killed.theory, scratch_path("run"), 0.0);
        else
            status = mfl_theory_solve(killed.theory, rows, 0.2);
        _exit(status != MFL_OK);
    }
    ck_assert_int_gt(child, 0);
    wait_for(seconds);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

/* Whatever moment a kill comes at, what is in the file is a state of the solve. */
START_TEST(kills_lose_nothing)
{
    enum { sweeps = 300, kills = 8 };
    double expected[numbers], found[numbers];
    scratch_make();
    for (int i = 0; i < kills; i++)
        start_and_kill(MFL_THEORY_MF_ARD, sweeps, 0.01 + 0.06 * fmod(0.61803398875 * i, 1.0));
    job last = make_job(MFL_THEORY_MF_ARD, 32, sweeps);
    if (mfl_theory_set_checkpoint(last.theory, scratch_path("run"), 0.0) == MFL_OK)
        OK(mfl_theory_solve(last.theory, rows, 0.2));
    else
        OK(mfl_theory_resume(last.theory, scratch_path("run"), 1e6));
    read_numbers(&last, found);
    solve_whole(MFL_THEORY_MF_ARD, sweeps, expected);
    ck_assert_mem_eq(found, expected, sizeof found);
    end_job(&last);
    scratch_remove();
}
END_TEST

static size_t read_file(const char *path, unsigned char **data)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    *data = malloc(size);
    ck_assert_uint_eq(fread(*data, 1, size, file), size);
    fclose(file);
    return size;
}

static int32_t is_refused(mfl_theory *theory)
{
    const int32_t status = mfl_theory_resume(theory, scratch_path("bad"), 1e6);
    return (status == MFL_ERROR_CHECKSUM || status == MFL_ERROR_FORMAT) &&
           strstr(mfl_context_message(context), "bad");
}

START_TEST(damage_is_refused)
{
    unsigned char *whole;
    int32_t passed = 0;
    scratch_make();
    job saved = make_job(MFL_THEORY_MF, 32, 48), loaded = make_job(MFL_THEORY_MF, 32, 48);
    OK(mfl_theory_set_checkpoint(saved.theory, scratch_path("run"), 1e6));
    OK(mfl_theory_solve(saved.theory, rows, 0.2));
    const size_t size = read_file(scratch_path("run"), &whole);
    for (size_t at = 0; at < size; at += 1 + at / 3) {
        whole[at] ^= (unsigned char)(1 << at % 8);
        scratch_write("bad", whole, size);
        passed += !is_refused(loaded.theory);
        whole[at] ^= (unsigned char)(1 << at % 8);
        scratch_write("bad", whole, at);
        passed += !is_refused(loaded.theory);
    }
    ck_assert_int_eq(passed, 0);
    OK(mfl_theory_resume(loaded.theory, scratch_path("run"), 1e6));
    free(whole);
    end_job(&loaded);
    end_job(&saved);
    scratch_remove();
}
END_TEST

static void expect(int32_t status, int32_t expected, const char *text)
{
    ck_assert_int_eq(status, expected);
    ck_assert_msg(strstr(mfl_context_message(context), text) != NULL, "%s", mfl_context_message(context));
}

START_TEST(other_problems_are_refused)
{
    mfl_theory *population;
    scratch_make();
    job saved = make_job(MFL_THEORY_MF, 32, 48), wider = make_job(MFL_THEORY_MF, 33, 48),
        screened = make_job(MFL_THEORY_MF_SCREENED, 32, 48);
    OK(mfl_theory_create(context, saved.task, saved.model, &population));
    OK(mfl_theory_set_checkpoint(saved.theory, scratch_path("run"), 0.0));
    OK(mfl_theory_solve(saved.theory, rows, 0.2));
    expect(mfl_theory_resume(wider.theory, scratch_path("run"), 0.0), MFL_ERROR_ARGUMENT, "another width");
    expect(mfl_theory_resume(screened.theory, scratch_path("run"), 0.0), MFL_ERROR_ARGUMENT,
           "another self-energy");
    expect(mfl_theory_resume(wider.theory, scratch_path("none"), 0.0), MFL_ERROR_IO, "none");
    expect(mfl_theory_resume(wider.theory, NULL, 0.0), MFL_ERROR_NULL, "path");
    expect(mfl_theory_set_checkpoint(wider.theory, scratch_path("run"), 0.0), MFL_ERROR_STATE, "exists");
    expect(mfl_theory_set_checkpoint(wider.theory, scratch_path("new"), -1.0), MFL_ERROR_ARGUMENT, "seconds");
    expect(mfl_theory_set_checkpoint(population, scratch_path("new"), 0.0), MFL_ERROR_STATE, "population");
    expect(mfl_theory_resume(population, scratch_path("run"), 0.0), MFL_ERROR_STATE, "population");
    OK(mfl_theory_set_checkpoint(wider.theory, scratch_path("no/such/place"), 0.0));
    expect(mfl_theory_solve(wider.theory, rows, 0.2), MFL_ERROR_IO, "such");
    OK(mfl_theory_set_checkpoint(wider.theory, NULL, 0.0));
    OK(mfl_theory_solve(wider.theory, rows, 0.2));
    mfl_theory_destroy(population);
    end_job(&screened);
    end_job(&wider);
    end_job(&saved);
    scratch_remove();
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(open_context, close_context, "checkpoints of theories of a training set",
                             more_sweeps_are_those_of_a_longer_solve, kills_lose_nothing, damage_is_refused,
                             other_problems_are_refused);
}
