/* SPDX-License-Identifier: BSD-3-Clause */
/* Command lines of the programs, a word a line, and what their words mean. */
#include <string.h>

#include "../../examples/common/arguments.h"
#include "../../examples/common/task.h"
#include "fuzz.h"
#include "program.h"

static const ex_option options[] = {
    EX_TASK_OPTIONS("20", "2"),
    {"real", "X", "0.5", "a number"},
    {"whole", "N", "-1", "a whole number"},
    {"reals", "X,...", "0.1,1", "numbers"},
    {"wholes", "N,...", "10:1000:5", "whole numbers"},
    {"names", "A,...", "one,two", "names"},
    {"flag", NULL, NULL, "a flag"},
};

static void within(double value, double least, double most)
{
    if (!(value >= least && value <= most))
        abort();
}

static void look(const ex_arguments *at, mfl_context *context)
{
    char text[512];
    double reals[EX_MAX_LIST];
    int64_t wholes[EX_MAX_LIST];
    int32_t names[EX_MAX_LIST];
    ex_describe(at, text, sizeof text);
    within(ex_double(at, "real", -1e300, 1e300), -1e300, 1e300);
    within((double)ex_int(at, "whole", -1, 1 << 24), -1.0, 1 << 24);
    for (size_t count = ex_doubles(at, "reals", 1e-100, 1e100, reals); count > 0; count--)
        within(reals[count - 1], 1e-100, 1e100);
    for (size_t count = ex_ints(at, "wholes", 1, 1 << 20, wholes); count > 0; count--)
        within((double)wholes[count - 1], 1.0, 1 << 20);
    for (size_t count = ex_choices(at, "names", "one|two|three", names); count > 0; count--)
        within(names[count - 1], 0.0, 2.0);
    mfl_task_destroy(ex_task(context, at));
}

static void parse(char *text, mfl_context *context)
{
    enum { most_words = 64 };
    char *words[most_words + 1] = {"program"};
    int count = 1;
    ex_arguments arguments = {.program = "program", .summary = "Fuzzed: by words.", .options = options,
                              .count = sizeof options / sizeof options[0]};
    for (char *rest = text, *word; (word = strsep(&rest, "\n")) && count < most_words;)
        words[count++] = word;
    ex_parse(&arguments, count, words);
    look(&arguments, context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mfl_context *context = program_begin();
    char *text = (char *)fuzz_copy(data, size);
    if (setjmp(program_end) == 0)
        parse(text, context);
    program_release();
    free(text);
    return 0;
}
