/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls functions with one hostile argument at a time.
 *   abuse --list        the names of all functions
 *   abuse FUNCTION...   a line for each case: function, argument, value, status and sentence, between tabs
 * A case is printed before it is made, so that one that crashes or takes more than SECONDS is known. */
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "abuse.h"

enum { SECONDS = 5, BUFFER = 1 << 13 };

static char no_utf8[] = "\xff\xfe\x80", formats[] = "%s%n%999999d";
/* Made by functions that save: each case finds none of them. */
static const char *const new_files[] = {"new.network", "new.sampler", "new.sampler.traces", "new.npy", "new.theory",
                                        no_utf8, formats, "\xff\xfe\x80.traces", "%s%n%999999d.traces"};
static char not_a_handle[BUFFER];
static double buffers[ABUSE_PARAMETERS][BUFFER];

/* What stands in for valid arguments: an argument and its value's name. */
typedef struct value {
    const char *name;
    abuse_argument argument;
} value;

enum circumstance { HERE, ON_ANOTHER_THREAD, CANCELLED, BUSY };
static const char *const circumstances[] = {"here", "on another thread", "cancelled", "busy"};

typedef struct attempt {
    const abuse_function *function;
    abuse_argument arguments[ABUSE_PARAMETERS];
    void *made[ABUSE_PARAMETERS];
    int32_t status;
} attempt;

static void *perform(void *data)
{
    attempt *self = data;
    self->status = self->function->call(self->arguments);
    return NULL;
}

/* --- a thread that is inside a call --- */

typedef struct holder {
    mfl_context *context;
    sem_t inside, go_on;
    pthread_t thread;
} holder;

static void wait_inside(void *data)
{
    holder *self = data;
    sem_post(&self->inside);
    sem_wait(&self->go_on);
}

static void *hold(void *data)
{
    holder *self = data;
    mfl_model *model = NULL;
    if (mfl_model_create(self->context, 3, 4, &model) == MFL_OK)
        mfl_model_destroy(model);
    return NULL;
}

static void perform_while_busy(attempt *self, abuse_world *world)
{
    holder other = {.context = abuse_get(world, 0, ABUSE_context)};
    sem_init(&other.inside, 0, 0);
    sem_init(&other.go_on, 0, 0);
    world->allocators[0].before = wait_inside;
    world->allocators[0].before_data = &other;
    abuse_require(pthread_create(&other.thread, NULL, hold, &other) == 0, "no thread");
    sem_wait(&other.inside);
    perform(self);
    world->allocators[0].before = NULL;
    sem_post(&other.go_on);
    pthread_join(other.thread, NULL);
    sem_destroy(&other.inside);
    sem_destroy(&other.go_on);
}

/* --- one case --- */

/* Handles are destroyed by what was called only where it is their destroy function. */
static void forget(abuse_world *world, const void *destroyed)
{
    for (int32_t i = 0; i < ABUSE_HANDLE_COUNT; i++)
        for (int32_t side = 0; side < 2; side++)
            if (world->handles[side][i] == destroyed)
                world->handles[side][i] = NULL;
}

static int32_t is_right_kind(const abuse_parameter *parameter, const value *hostile)
{
    return !hostile || (strcmp(hostile->name, "NULL") != 0 && strcmp(hostile->name, "another kind of handle") != 0
                        && strcmp(hostile->name, "no handle") != 0 && parameter->kind == ABUSE_KIND_HANDLE);
}

static abuse_argument valid_argument(abuse_world *world, attempt *self, int32_t index)
{
    const abuse_parameter *parameter = &self->function->parameters[index];
    if (parameter->kind == ABUSE_KIND_HANDLE)
        return (abuse_argument){.pointer = abuse_get(world, 0, (int32_t)parameter->valid.integer)};
    if (parameter->kind == ABUSE_KIND_MADE)
        return (abuse_argument){.pointer = &self->made[index]};
    if (parameter->kind == ABUSE_KIND_OUT)
        return (abuse_argument){.pointer = buffers[index]};
    return parameter->valid;
}

/* Where a failure must be explained: not where no context can be told from the arguments, or another call has it. */
static int32_t needs_sentence(const attempt *self, int32_t index, const value *hostile)
{
    const abuse_parameter *first = self->function->parameters;
    return self->status != MFL_OK && self->status != MFL_ERROR_BUSY && self->function->has_status
           && self->function->count > 0 && first->kind == ABUSE_KIND_HANDLE
           && (index != 0 || is_right_kind(first, hostile));
}

static void judge(abuse_world *world, attempt *self, int32_t index, const value *hostile)
{
    const char *sentence = "";
    mfl_context *context = world->handles[0][ABUSE_context];
    if (needs_sentence(self, index, hostile)) {
        int32_t side = hostile && index == 0 && strcmp(hostile->name, "of another context") == 0;
        sentence = mfl_context_message(abuse_get(world, side, ABUSE_context));
        if (!sentence[0])
            printf("PROBLEM: no sentence for ");
    } else if (self->status == MFL_OK && context && self->function->has_status
               && mfl_context_message(context)[0] && strcmp(self->function->name, "mfl_context_message") != 0)
        printf("PROBLEM: a sentence after success ");
    if (strcmp(mfl_status_name(self->status), "MFL_STATUS_UNKNOWN") == 0)
        printf("PROBLEM: undefined status %d ", self->status);
    printf("%s\t%s\n", self->function->has_status ? mfl_status_name(self->status) : "returned", sentence);
    for (int32_t i = 0; i < self->function->count; i++) {
        const abuse_parameter *parameter = &self->function->parameters[i];
        if (parameter->kind != ABUSE_KIND_MADE)
            continue;
        void *made = self->made[i];
        if (self->arguments[i].pointer && (self->status == MFL_OK) != (made && made != not_a_handle))
            printf("PROBLEM: %s is not NULL after a failure, or NULL after success\n", parameter->name);
        if (made && made != not_a_handle)
            parameter->destroy(made);
    }
}

static void make_case(const abuse_function *function, int32_t index, const value *hostile,
                      enum circumstance circumstance, int32_t other)
{
    static const struct itimerval limit = {{0, 0}, {SECONDS, 0}}, none = {{0, 0}, {0, 0}};
    static int64_t live_of_allocator;
    abuse_world kept = {.handles = {{NULL}}}, *world = &kept;
    attempt self = {.function = function};
    for (size_t i = 0; i < sizeof new_files / sizeof *new_files; i++)
        remove(new_files[i]);
    printf("%s\t%s\t%s\t", function->name, index < 0 ? "-" : function->parameters[index].name,
           hostile ? hostile->name : circumstances[circumstance]);
    for (int32_t i = 0; i < function->count; i++) {
        self.made[i] = not_a_handle;
        self.arguments[i] = valid_argument(world, &self, i);
    }
    if (hostile)
        self.arguments[index] = hostile->argument;
    if (other >= 0) {
        int32_t side = strcmp(hostile->name, "of another context") == 0;
        self.arguments[index].pointer = abuse_get(world, side, other);
    }
    if (circumstance == CANCELLED)
        mfl_context_cancel(abuse_get(world, 0, ABUSE_context));
    fflush(stdout);
    setitimer(ITIMER_PROF, &limit, NULL);
    if (circumstance == ON_ANOTHER_THREAD) {
        pthread_t thread;
        abuse_require(pthread_create(&thread, NULL, perform, &self) == 0, "no thread");
        pthread_join(thread, NULL);
    } else if (circumstance == BUSY)
        perform_while_busy(&self, world);
    else
        perform(&self);
    setitimer(ITIMER_PROF, &none, NULL);
    size_t length = strlen(function->name);
    if (strcmp(function->name + length - 8, "_destroy") == 0
        && (index < 0 || is_right_kind(&function->parameters[0], hostile)))
        forget(world, self.arguments[0].pointer);
    judge(world, &self, index, hostile);
    int64_t alive = abuse_end(world);
    if (alive || abuse_allocator.live != live_of_allocator)
        printf("PROBLEM: %lld allocations are alive\n", (long long)alive);
}

/* --- hostile values --- */

static void with_numbers(const abuse_function *function, int32_t index)
{
    static const double numbers[] = {0.0, -1.0, NAN, INFINITY, -INFINITY, 1e308, -1e308, 1e-310};
    static const char *const names[] = {"0", "-1", "nan", "inf", "-inf", "1e308", "-1e308", "1e-310"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        make_case(function, index, &(value){names[i], {.number = numbers[i]}}, HERE, -1);
}

/* Arrays that are full of one number. */
static void with_arrays(const abuse_function *function, int32_t index)
{
    static const double numbers[] = {0.0, -1.0, NAN, INFINITY, 1e308, 1e-310};
    static const char *const names[] = {"all 0", "all -1", "all nan", "all inf", "all 1e308", "all 1e-310"};
    static double array[64];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (size_t j = 0; j < 64; j++)
            array[j] = numbers[i];
        make_case(function, index, &(value){names[i], {.pointer = array}}, HERE, -1);
    }
}

static void with_integer_arrays(const abuse_function *function, int32_t index)
{
    static const int64_t numbers[] = {0, -1, INT64_MIN, INT64_MAX};
    static const char *const names[] = {"all 0", "all -1", "all least", "all most"};
    static int64_t wide[64];
    static int32_t narrow[64];
    int32_t is_wide = function->parameters[index].kind == ABUSE_KIND_INT64S;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (size_t j = 0; j < 64; j++) {
            wide[j] = numbers[i];
            narrow[j] = (int32_t)(numbers[i] < INT32_MIN ? INT32_MIN : numbers[i] > INT32_MAX ? INT32_MAX : numbers[i]);
        }
        make_case(function, index, &(value){names[i], {.pointer = is_wide ? (void *)wide : (void *)narrow}}, HERE, -1);
    }
}

static void with_integers(const abuse_function *function, int32_t index)
{
    static const struct {
        const char *name;
        int64_t number;
        int32_t bits, needs_memory; /* of the caller, where it is the size of an array */
    } numbers[] = {
        {"0", 0, 32, 0},
        {"1", 1, 32, 0},
        {"-1", -1, 32, 0},
        {"-2^31", INT32_MIN, 32, 0},
        {"2^31-1", INT32_MAX, 32, 1},
        {"2^31", (int64_t)1 << 31, 64, 1},
        {"2^40", (int64_t)1 << 40, 64, 1},
        {"2^62", (int64_t)1 << 62, 64, 0},
        {"-2^63", INT64_MIN, 64, 0},
        {"2^63-1", INT64_MAX, 64, 0},
    };
    const abuse_parameter *parameter = &function->parameters[index];
    int32_t bits = parameter->kind == ABUSE_KIND_INT32 ? 32 : 64;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].bits <= bits && !(parameter->of_array && numbers[i].needs_memory))
            make_case(function, index, &(value){numbers[i].name, {.integer = numbers[i].number}}, HERE, -1);
}

static void with_texts(const abuse_function *function, int32_t index)
{
    static char endless[5001];
    memset(endless, 'x', 5000);
    make_case(function, index, &(value){"empty", {.pointer = ""}}, HERE, -1);
    make_case(function, index, &(value){"5000 letters", {.pointer = endless}}, HERE, -1);
    make_case(function, index, &(value){"no UTF-8", {.pointer = no_utf8}}, HERE, -1);
    make_case(function, index, &(value){"formats", {.pointer = formats}}, HERE, -1);
    if (function->parameters[index].kind == ABUSE_KIND_PATH) {
        make_case(function, index, &(value){"a directory", {.pointer = "."}}, HERE, -1);
        make_case(function, index, &(value){"no directory", {.pointer = "missing/file"}}, HERE, -1);
        make_case(function, index, &(value){"another file", {.pointer = "damaged"}}, HERE, -1);
        make_case(function, index, &(value){"no file", {.pointer = "new.theory"}}, HERE, -1);
    }
}

static void with_handles(const abuse_function *function, int32_t index)
{
    const abuse_parameter *parameter = &function->parameters[index];
    for (int32_t i = 0; i < ABUSE_HANDLE_COUNT; i++)
        if (strcmp(abuse_handle_type(i), parameter->type) == 0 && i != parameter->valid.integer)
            make_case(function, index, &(value){abuse_handle_name(i), {NULL}}, HERE, i);
    make_case(function, index, &(value){"of another context", {NULL}}, HERE, (int32_t)parameter->valid.integer);
    make_case(function, index, &(value){"another kind of handle", {NULL}}, HERE,
              strcmp(parameter->type, "task") == 0 ? ABUSE_model : ABUSE_task);
    make_case(function, index, &(value){"no handle", {.pointer = not_a_handle}}, HERE, -1);
}

static void with_functions(const abuse_function *function, int32_t index)
{
    static const struct {
        void (*valid)(void), (*failing)(void);
    } pairs[] = {
#define PAIR(result, type, parameters) {(void (*)(void))valid_##type, (void (*)(void))failing_##type},
        ABUSE_CALLBACKS(PAIR)};
    make_case(function, index, &(value){"NULL", {.function = NULL}}, HERE, -1);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].valid == function->parameters[index].valid.function)
            make_case(function, index, &(value){"failing", {.function = pairs[i].failing}}, HERE, -1);
}

static void with_hostile(const abuse_function *function, int32_t index)
{
    switch (function->parameters[index].kind) {
    case ABUSE_KIND_DOUBLE: with_numbers(function, index); return;
    case ABUSE_KIND_INT32:
    case ABUSE_KIND_INT64:
    case ABUSE_KIND_SIZE: with_integers(function, index); return;
    case ABUSE_KIND_FUNCTION: with_functions(function, index); return;
    case ABUSE_KIND_USER_DATA: return;
    default: make_case(function, index, &(value){"NULL", {NULL}}, HERE, -1);
    }
    switch (function->parameters[index].kind) {
    case ABUSE_KIND_HANDLE: with_handles(function, index); break;
    case ABUSE_KIND_DOUBLES: with_arrays(function, index); break;
    case ABUSE_KIND_INT64S:
    case ABUSE_KIND_INT32S: with_integer_arrays(function, index); break;
    case ABUSE_KIND_TEXT:
    case ABUSE_KIND_PATH: with_texts(function, index); break;
    default: break;
    }
}

static void abuse(const abuse_function *function)
{
    make_case(function, -1, NULL, HERE, -1);
    make_case(function, -1, NULL, ON_ANOTHER_THREAD, -1);
    if (function->count && function->parameters[0].kind == ABUSE_KIND_HANDLE) {
        make_case(function, -1, NULL, CANCELLED, -1);
        make_case(function, -1, NULL, BUSY, -1);
    }
    for (int32_t i = 0; i < function->count; i++)
        with_hostile(function, i);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (const abuse_function *f = abuse_functions; f->name; f++)
            printf("%s\n", f->name);
        return 0;
    }
    for (int32_t i = 0; i < 64; i++) {
        abuse_numbers[i] = 0.1 + 0.01 * i * (i % 3 + 1);
        abuse_integers[i] = i % 4 < 2 ? i % 4 : 0;
        abuse_keys[i] = MFL_DIAGNOSTIC_MEAN;
    }
    abuse_write_files();
    for (int32_t i = 1; i < argc; i++)
        for (const abuse_function *f = abuse_functions; f->name; f++)
            if (strcmp(f->name, argv[i]) == 0)
                abuse(f);
    return 0;
}
