/* SPDX-License-Identifier: BSD-3-Clause */
/* A run that is saved, killed and loaded ends with the numbers of one that was left alone, bit for bit; what is damaged
 * or does not fit is refused with the reason. */
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "../run.h"
#include "../scratch.h"
#include "gaussian_case.h"

enum { kills = 12, most_draws = 100000, tests = 20 };

static const char *const configurations[] = {
    "method=sgld",
    "method=sgld,batch=7,precision=float64,step_decay=0.3",
    "method=sgld,mass=adaptive,start=planted",
    "method=gradient_descent,freeze=first_layer",
    "method=mala,gibbs=0",
    "method=mala,precision=float64,gibbs=4,mass=adaptive",
    "method=baoab,gibbs=0,anneal_from=2",
    "method=baoab,batch=8,precision=float64",
    "method=hmc,gibbs=2,path_length=0.1",
    "method=hmc,gibbs=0,mass=adaptive,path_length=0.1,precision=float64",
    "method=baoab,rungs=3,kappa_hot=2",
    "method=hmc,rungs=2,swap=2,gibbs=0,path_length=0.1",
};
enum { configuration_count = sizeof configurations / sizeof configurations[0] };

/* One problem, and a sampler of it. */
typedef struct job {
    mfl_task *task;
    mfl_model *model;
    mfl_dataset *train, *test;
    mfl_sampler *sampler;
} job;

static void set_context(int32_t key, int64_t value)
{
    mfl_options *options;
    OK(mfl_context_options(context, &options));
    OK(mfl_options_set_int(options, key, value));
}

static job make_job(const char *settings, int64_t threads)
{
    job made;
    char text[200];
    if (!context)
        OK(mfl_context_create(&context));
    set_context(MFL_CONTEXT_THREADS, threads);
    OK(mfl_task_create_parity(context, 6, 2, &made.task));
    OK(mfl_model_create(context, 6, 10, &made.model));
    OK(mfl_dataset_draw(made.task, 30, 0.1, 0, MFL_ROLE_TRAIN, &made.train));
    OK(mfl_dataset_draw(made.task, tests, 0.0, 0, MFL_ROLE_TEST, &made.test));
    OK(mfl_sampler_create(made.model, made.train, kappa, &made.sampler));
    OK(mfl_sampler_set_test(made.sampler, made.test));
    OK(mfl_sampler_set_task(made.sampler, made.task));
    set(made.sampler, "burn_in", "60");
    set(made.sampler, "thinning", "3");
    set(made.sampler, "chains", "3");
    strcpy(text, settings);
    char *rest = text;
    for (char *item; (item = strtok_r(rest, ",", &rest));) {
        char *value = strchr(item, '=');
        *value = '\0';
        set(made.sampler, item, value + 1);
    }
    return made;
}

static void end_job(job *made)
{
    mfl_sampler_destroy(made->sampler);
    mfl_dataset_destroy(made->test);
    mfl_dataset_destroy(made->train);
    mfl_model_destroy(made->model);
    mfl_task_destroy(made->task);
}

static void run(mfl_sampler *sampler, int64_t draws)
{
    mfl_options *options;
    OK(mfl_sampler_options(sampler, &options));
    OK(mfl_options_set_int(options, MFL_SAMPLER_DRAWS, draws));
    OK(mfl_sampler_run(sampler));
}

static void expect_same_bits(const void *a, const void *b, size_t count, const char *what)
{
    ck_assert_msg(memcmp(a, b, count * sizeof(double)) == 0, "%s differ", what);
}

static void expect_same(const mfl_sampler *a, const mfl_sampler *b)
{
    static double x[most_draws], y[most_draws];
    int64_t m, n;
    for (int32_t key = MFL_SAMPLER_TRAIN_ERROR; key <= MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE; key++) {
        const double u = get(a, key), v = get(b, key);
        ck_assert_msg(memcmp(&u, &v, sizeof u) == 0 || (isnan(u) && isnan(v)) || key == MFL_SAMPLER_STOP,
                      "result %d: %.17g and %.17g", key, u, v);
    }
    for (int32_t kind = MFL_TRACE_POTENTIAL; kind <= MFL_TRACE_ACCEPTANCE; kind++)
        for (int64_t c = 0; c < 9; c++) { /* of all rungs */
            const int32_t status = mfl_sampler_trace(a, kind, c, x, most_draws, &m);
            ck_assert_int_eq(mfl_sampler_trace(b, kind, c, y, most_draws, &n), status);
            ck_assert(status || (m == n && n > 0));
            if (!status)
                expect_same_bits(x, y, (size_t)n, "traces");
        }
    OK(mfl_sampler_predictions(a, x, x + tests, tests));
    OK(mfl_sampler_predictions(b, y, y + tests, tests));
    expect_same_bits(x, y, 2 * tests, "predictions");
    OK(mfl_sampler_second_moments(a, x, 6));
    OK(mfl_sampler_second_moments(b, y, 6));
    expect_same_bits(x, y, 6, "moments");
}

/* Saved and loaded before the first step, within burn-in, behind it, between two runs, with other numbers of threads.
 */
START_TEST(every_method_goes_on_with_the_same_numbers)
{
    for (int k = 0; k < configuration_count; k++) {
        job whole = make_job(configurations[k], 2), part;
        scratch_make();
        OK(mfl_sampler_step(whole.sampler, 69)); /* nine beyond burn-in, where a draw would be due */
        run(whole.sampler, 40);
        for (int piece = 0; piece < 5; piece++) {
            part = make_job(configurations[k], 1 + piece % 3);
            if (piece > 0)
                OK(mfl_sampler_load(part.sampler, scratch_path("run")));
            if (piece < 3)
                OK(mfl_sampler_step(part.sampler, 23 * piece));
            else
                run(part.sampler, piece == 3 ? 11 : 29);
            OK(mfl_sampler_save(part.sampler, scratch_path("run")));
            if (piece < 4)
                end_job(&part);
        }
        expect_same(whole.sampler, part.sampler);
        end_job(&part);
        end_job(&whole);
        scratch_remove();
    }
}
END_TEST

/* Goes on for ever, and saves after every other draw; each time it writes a byte. */
static void be_killed(const char *settings, int saves)
{
    job mine = make_job(settings, 2);
    if (access(scratch_path("run"), F_OK) == 0)
        OK(mfl_sampler_load(mine.sampler, scratch_path("run")));
    else
        OK(mfl_sampler_step(mine.sampler, 0));
    for (;;) {
        OK(mfl_sampler_save(mine.sampler, scratch_path("run")));
        ck_assert_int_eq(write(saves, "", 1), 1);
        if (get(mine.sampler, MFL_SAMPLER_STEPS_TOTAL) < 3 * 60)
            OK(mfl_sampler_step(mine.sampler, 5));
        else
            run(mine.sampler, 2);
    }
}

/* Killed some time after so many saves, however long they take on this machine. */
static void start_and_kill(const char *settings, int saves, double seconds)
{
    int status, ends[2];
    char byte;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        be_killed(settings, ends[1]);
    close(ends[1]);
    while (saves > 0 && read(ends[0], &byte, 1) == 1)
        saves--;
    nanosleep(&(struct timespec){0, (long)(1e9 * seconds)}, NULL);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "it ended by itself: %x", status);
    close(ends[0]);
}

START_TEST(a_dozen_kills_change_nothing)
{
    for (int k = 0; k < configuration_count; k++) {
        scratch_make();
        for (int i = 0; i < kills; i++) {
            const double fraction = fmod(0.61803398875 * (12 * k + i), 1.0);
            start_and_kill(configurations[k], 1 + (int)(8.0 * fraction), 0.004 * fmod(1000.0 * fraction, 1.0));
        }
        job killed = make_job(configurations[k], 3), whole;
        OK(mfl_sampler_load(killed.sampler, scratch_path("run")));
        run(killed.sampler, 3);
        const double draws = get(killed.sampler, MFL_SAMPLER_DRAWS_TOTAL) / 3.0;
        ck_assert_double_gt(draws, 3.0); /* the last kills were beyond burn-in */
        OK(mfl_sampler_save(killed.sampler, scratch_path("run")));
        whole = make_job(configurations[k], 2);
        run(whole.sampler, (int64_t)draws);
        expect_same(whole.sampler, killed.sampler);
        end_job(&whole);
        end_job(&killed);
        mfl_context_destroy(context);
        context = NULL; /* a context does not go through a fork */
        /* A temporary file of each kill may be left, nothing else. */
        ck_assert_int_le(scratch_count(), 2 + kills);
        scratch_remove();
    }
}
END_TEST

/* A caller's activation that cancels at its n-th call cuts one chain short, between draw and observable of others. */
static int64_t calls_left;

static int32_t cancelling(int64_t count, const double *z, double *phi, double *slope, void *data)
{
    (void)data;
    if (calls_left-- == 0)
        mfl_context_cancel(context);
    for (int64_t i = 0; i < count; i++) {
        phi[i] = z[i] > 0.0 ? z[i] : 0.0;
        slope[i] = z[i] > 0.0;
    }
    return 0;
}

static int32_t first_weight(const mfl_network *network, double *value, void *data)
{
    double weights[60], readout[10];
    (void)data;
    const int32_t status = mfl_network_copy_weights(network, weights, 6, readout);
    *value = weights[0] + readout[0];
    return status;
}

static job make_watched(int32_t *kind)
{
    job made = make_job("chains=3", 1);
    mfl_sampler_destroy(made.sampler);
    mfl_task_destroy(made.task);
    made.task = NULL;
    OK(mfl_model_set_activation(made.model, cancelling, NULL));
    OK(mfl_sampler_create(made.model, made.train, kappa, &made.sampler));
    set(made.sampler, "method", "baoab");
    set(made.sampler, "chains", "3");
    set(made.sampler, "burn_in", "4");
    set(made.sampler, "thinning", "2");
    OK(mfl_sampler_add_observable(made.sampler, first_weight, NULL, kind));
    return made;
}

START_TEST(a_run_cut_anywhere_goes_on)
{
    int32_t kind;
    double expected[3][10], found[10];
    int64_t count;
    calls_left = -1;
    job whole = make_watched(&kind);
    run(whole.sampler, 10);
    for (int64_t c = 0; c < 3; c++)
        OK(mfl_sampler_trace(whole.sampler, kind, c, expected[c], 10, &count));
    end_job(&whole);
    int cut = 0;
    for (int64_t after = 1; after < 400; after += 7) {
        scratch_make();
        job first = make_watched(&kind), second;
        calls_left = after;
        run(first.sampler, 10);
        cut += get(first.sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED;
        calls_left = -1;
        mfl_context_resume(context);
        OK(mfl_sampler_save(first.sampler, scratch_path("run")));
        second = make_watched(&kind);
        OK(mfl_sampler_load(second.sampler, scratch_path("run")));
        OK(mfl_sampler_save(second.sampler, scratch_path("run"))); /* what is not complete is written again */
        if (get(second.sampler, MFL_SAMPLER_STOP) == MFL_STOP_CANCELLED)
            OK(mfl_sampler_run(second.sampler));
        OK(mfl_sampler_save(second.sampler, scratch_path("run")));
        end_job(&first);
        first = make_watched(&kind);
        OK(mfl_sampler_load(first.sampler, scratch_path("run")));
        for (int64_t c = 0; c < 3; c++) {
            OK(mfl_sampler_trace(first.sampler, kind, c, found, 10, &count));
            ck_assert_int_eq(count, 10);
            expect_same_bits(expected[c], found, 10, "observables");
        }
        end_job(&second);
        end_job(&first);
        scratch_remove();
    }
    ck_assert_int_gt(cut, 20);
}
END_TEST

typedef struct bytes {
    size_t size;
    unsigned char *data;
} bytes;

static bytes read_file(const char *path)
{
    bytes read;
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    read.size = (size_t)ftell(file);
    rewind(file);
    read.data = malloc(read.size);
    ck_assert_uint_eq(fread(read.data, 1, read.size, file), read.size);
    fclose(file);
    return read;
}

/* The file is damaged: refused with its name, and the sampler can still be used. */
static void expect_damage(mfl_sampler *sampler, const char *name, const char *what, size_t at)
{
    const int32_t status = mfl_sampler_load(sampler, scratch_path("run"));
    ck_assert_msg(status == MFL_ERROR_CHECKSUM || status == MFL_ERROR_FORMAT, "%s at %zu of %s gave %d", what, at, name,
                  status);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), name));
}

START_TEST(damage_is_refused)
{
    job saved = make_job("method=hmc", 1), loaded = make_job("method=hmc", 1);
    scratch_make();
    run(saved.sampler, 4);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    run(saved.sampler, 4);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    static const char *const names[] = {"run", "run.traces"};
    for (int f = 0; f < 2; f++) {
        bytes whole = read_file(scratch_path(names[f]));
        for (size_t at = 0; at < whole.size; at += 1 + at % 13) {
            whole.data[at] ^= (unsigned char)(1 << at % 8);
            scratch_write(names[f], whole.data, whole.size);
            expect_damage(loaded.sampler, names[f], "a flipped bit", at);
            whole.data[at] ^= (unsigned char)(1 << at % 8);
        }
        for (size_t size = 0; size < whole.size; size += 1 + size % 17) {
            scratch_write(names[f], whole.data, size);
            expect_damage(loaded.sampler, names[f], "a cut", size);
        }
        scratch_write(names[f], whole.data, whole.size);
        free(whole.data);
    }
    OK(mfl_sampler_load(loaded.sampler, scratch_path("run")));
    expect_same(saved.sampler, loaded.sampler);
    end_job(&loaded);
    end_job(&saved);
    scratch_remove();
}
END_TEST

static void expect_refusal(mfl_sampler *sampler, int32_t status, const char *words)
{
    ck_assert_int_eq(mfl_sampler_load(sampler, scratch_path("run")), status);
    ck_assert_msg(strstr(mfl_context_message(context), words) != NULL, "\"%s\" lacks \"%s\"",
                  mfl_context_message(context), words);
}

START_TEST(what_does_not_fit_is_refused)
{
    job saved = make_job("method=mala", 1), other;
    scratch_make();
    expect_refusal(saved.sampler, MFL_ERROR_IO, "No such file");
    ck_assert_int_eq(mfl_sampler_save(saved.sampler, scratch_path("run")), MFL_ERROR_STATE);
    run(saved.sampler, 4);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    expect_refusal(saved.sampler, MFL_ERROR_STATE, "has run already");
    static const char *const changed[][2] = {
        {"method=hmc", "another method"},        {"method=mala,step_size=0.01", "another step_size"},
        {"method=mala,chains=2", "another chains"}, {"method=mala,run_index=1", "another run_index"}};
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        other = make_job(changed[i][0], 1);
        expect_refusal(other.sampler, MFL_ERROR_ARGUMENT, changed[i][1]);
        ck_assert_int_eq(mfl_sampler_save(other.sampler, scratch_path("run")), MFL_ERROR_STATE);
        end_job(&other);
    }
    other = make_job("method=mala", 1);
    mfl_sampler_destroy(other.sampler);
    OK(mfl_sampler_create(other.model, other.train, 0.51, &other.sampler));
    set(other.sampler, "method", "mala");
    expect_refusal(other.sampler, MFL_ERROR_ARGUMENT, "another kappa");
    end_job(&other);
    other = make_job("method=mala", 1);
    mfl_dataset_destroy(other.train);
    OK(mfl_dataset_draw(other.task, 30, 0.1, 1, MFL_ROLE_TRAIN, &other.train));
    mfl_sampler_destroy(other.sampler);
    OK(mfl_sampler_create(other.model, other.train, kappa, &other.sampler));
    OK(mfl_sampler_set_test(other.sampler, other.test));
    OK(mfl_sampler_set_task(other.sampler, other.task));
    expect_refusal(other.sampler, MFL_ERROR_ARGUMENT, "another training inputs");
    end_job(&other);
    set_context(MFL_CONTEXT_SEED, 77);
    other = make_job("method=mala", 1);
    expect_refusal(other.sampler, MFL_ERROR_ARGUMENT, "another seed");
    end_job(&other);
    /* A file of somebody's in the place of the traces. */
    scratch_write("mine.traces", "1 2 3\n", 6);
    ck_assert_int_eq(mfl_sampler_save(saved.sampler, scratch_path("mine")), MFL_ERROR_IO);
    bytes mine = read_file(scratch_path("mine.traces"));
    ck_assert(mine.size == 6 && memcmp(mine.data, "1 2 3\n", 6) == 0);
    free(mine.data);
    /* Another run's traces beside it. */
    set_context(MFL_CONTEXT_SEED, 1);
    job twin = make_job("method=mala", 1);
    run(twin.sampler, 4);
    OK(mfl_sampler_save(twin.sampler, scratch_path("twin")));
    run(saved.sampler, 1);
    ck_assert_int_eq(mfl_sampler_save(saved.sampler, scratch_path("twin")), MFL_ERROR_STATE);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    ck_assert_int_eq(rename(scratch_path("twin.traces"), scratch_path("run.traces")), 0);
    other = make_job("method=mala", 1);
    expect_refusal(other.sampler, MFL_ERROR_CHECKSUM, "run.traces");
    end_job(&twin);
    end_job(&other);
    end_job(&saved);
    scratch_remove();
}
END_TEST

/* Room for the traces but not for the state, or for neither. */
START_TEST(a_full_disk_leaves_the_last_checkpoint)
{
    struct rlimit old, limit;
    job saved = make_job("method=hmc", 1), loaded = make_job("method=hmc", 1), whole = make_job("method=hmc", 1);
    scratch_make();
    run(saved.sampler, 20);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    run(saved.sampler, 20);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    for (rlim_t room = 512; room <= 8192; room *= 2) {
        limit = (struct rlimit){room, old.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        ck_assert_int_eq(mfl_sampler_save(saved.sampler, scratch_path("run")), MFL_ERROR_IO);
        setrlimit(RLIMIT_FSIZE, &old);
        ck_assert_int_eq(scratch_count(), 2);
    }
    OK(mfl_sampler_load(loaded.sampler, scratch_path("run")));
    ck_assert(get(loaded.sampler, MFL_SAMPLER_DRAWS_TOTAL) == 60);
    run(loaded.sampler, 20);
    expect_same(saved.sampler, loaded.sampler);
    OK(mfl_sampler_save(saved.sampler, scratch_path("run")));
    OK(mfl_sampler_load(whole.sampler, scratch_path("run")));
    expect_same(saved.sampler, whole.sampler);
    end_job(&whole);
    end_job(&loaded);
    end_job(&saved);
    scratch_remove();
}
END_TEST

int main(void)
{
    return RUN_TESTS("checkpoint", every_method_goes_on_with_the_same_numbers, a_dozen_kills_change_nothing,
                     a_run_cut_anywhere_goes_on, damage_is_refused, what_does_not_fit_is_refused,
                     a_full_disk_leaves_the_last_checkpoint);
}
