/* SPDX-License-Identifier: BSD-3-Clause */
/* Replays every scenario with its first allocation failing, then its second, and so on until it gets through: once with
 * that allocation alone failing, once with every later one too. Each run must end with MFL_OK or MFL_ERROR_MEMORY and
 * give all memory back. Fails, too, when a function that the library exports is visited by no scenario.
 *   test_faults lib/libmflearn.map */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../counting_allocator.h"

enum { MOST_FUNCTIONS = 1024, THREADS = 3 };

static const char *visited[MOST_FUNCTIONS];
static size_t visited_count;
static const char *current = "";
static int64_t current_failure, problems;

static int32_t was_visited(const char *function)
{
    for (size_t i = 0; i < visited_count; i++)
        if (strcmp(visited[i], function) == 0)
            return 1;
    return 0;
}

void fault_visit(const char *function)
{
    if (was_visited(function))
        return;
    if (visited_count == MOST_FUNCTIONS) {
        fprintf(stderr, "raise MOST_FUNCTIONS\n");
        exit(2);
    }
    visited[visited_count++] = function;
}

void fault_require(int32_t fact, const char *otherwise)
{
    if (fact)
        return;
    problems++;
    printf("%s, allocation %lld failing: %s\n", current, (long long)current_failure, otherwise);
}

void *fault_poison(void)
{
    static char poison;
    return &poison;
}

static int32_t on_fresh_context(const fault_scenario *scenario, counting_allocator *allocator)
{
    mfl_context *context = NULL;
    mfl_options *options;
    int32_t status = MFL_OK;
    MAKE(status, context, mfl_context_create_with_allocator,
         (counting_allocate, counting_release, allocator, &context));
    NEXT(status, mfl_context_options, (context, &options));
    NEXT(status, mfl_options_set_int, (options, MFL_CONTEXT_THREADS, THREADS));
    if (!status) {
        status = scenario->run(context);
        fault_require(status == MFL_OK || mfl_context_message(context)[0] != '\0', "a status without a message");
    }
    CALL(mfl_context_destroy, (context));
    return status;
}

/* Returns the number of runs in which an allocation failed. */
static int64_t replay(const fault_scenario *scenario, int64_t fail_count)
{
    current = scenario->name;
    for (current_failure = 1;; current_failure++) {
        counting_allocator allocator = {.fail_at = current_failure, .fail_count = fail_count};
        int32_t status = on_fresh_context(scenario, &allocator);
        int32_t failed = allocator.made >= current_failure;
        fault_require(allocator.live == 0, "memory was not given back");
        fault_require(status == MFL_OK || (failed && status == MFL_ERROR_MEMORY), mfl_status_name(status));
        if (!failed)
            return current_failure - 1;
    }
}

static int64_t replay_all(const fault_scenario *scenarios)
{
    int64_t cases = 0;
    for (; scenarios->name; scenarios++)
        cases += replay(scenarios, 1) + replay(scenarios, INT64_MAX);
    return cases;
}

static void compare_with_map(const char *path)
{
    char line[256], function[128];
    FILE *map = fopen(path, "r");
    int32_t listed = 0;
    while (map && fgets(line, sizeof line, map))
        if (sscanf(line, " %127[a-z_0-9];", function) == 1 && strncmp(function, "mfl_", 4) == 0) {
            listed++;
            if (!was_visited(function)) {
                problems++;
                printf("%s is visited by no scenario\n", function);
            }
        }
    if (map)
        fclose(map);
    printf("%zu functions visited, %d exported\n", visited_count, listed);
    problems += listed == 0;
}

int main(int argc, char **argv)
{
    int64_t cases = 0;
#define FAULT_REPLAY(module) cases += replay_all(faults_##module);
    FAULT_MODULES(FAULT_REPLAY)
    printf("%lld cases of a failing allocation\n", (long long)cases);
    compare_with_map(argc > 1 ? argv[1] : "");
    printf("%lld problems\n", (long long)problems);
    return problems != 0;
}
