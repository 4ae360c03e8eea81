/* SPDX-License-Identifier: BSD-3-Clause */
/* The option mechanism, on the options of a context and of a model. */
#include <locale.h>
#include <math.h>
#include <mflearn/mflearn.h>
#include <stdio.h>
#include <string.h>

#include "../run.h"

static mfl_context *context;
static mfl_model *model;
static mfl_options *of_context, *of_model;

static void open_handles(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfl_context_options(context, &of_context), MFL_OK);
    ck_assert_int_eq(mfl_model_create(context, 8, 16, &model), MFL_OK);
    ck_assert_int_eq(mfl_model_options(model, &of_model), MFL_OK);
}

static void close_handles(void)
{
    mfl_model_destroy(model);
    mfl_context_destroy(context);
}

/* What every option of every handle must satisfy. */
static void check_integer(mfl_options *options, int32_t key, const char *name, const char *choices)
{
    int64_t least, most, standard, value;
    ck_assert_int_eq(mfl_options_bounds_int(options, key, &least, &most, &standard), MFL_OK);
    ck_assert(least <= standard && standard <= most);
    ck_assert_int_eq(mfl_options_get_int(options, key, &value), MFL_OK);
    ck_assert_int_eq(value, standard);
    if (least > INT64_MIN)
        ck_assert_int_eq(mfl_options_set_int(options, key, least - 1), MFL_ERROR_OPTION_RANGE);
    if (most < INT64_MAX)
        ck_assert_int_eq(mfl_options_set_int(options, key, most + 1), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_int(options, key, least), MFL_OK);
    ck_assert_int_eq(mfl_options_get_int(options, key, &value), MFL_OK);
    ck_assert_int_eq(value, least);
    ck_assert_int_eq(mfl_options_set_text(options, name, "12 monkeys"), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_set_double(options, key, 1.0), MFL_ERROR_OPTION_TYPE);
    int64_t names = choices[0] != '\0';
    for (const char *bar = choices; (bar = strchr(bar, '|')) != NULL; bar++)
        names++;
    ck_assert(names == 0 || (least == 0 && names == most + 1));
}

static void check_number(mfl_options *options, int32_t key, const char *name)
{
    double least, most, standard, value;
    ck_assert_int_eq(mfl_options_bounds_double(options, key, &least, &most, &standard), MFL_OK);
    ck_assert(least <= standard && standard <= most);
    ck_assert_int_eq(mfl_options_get_double(options, key, &value), MFL_OK);
    ck_assert(value == standard);
    ck_assert_int_eq(mfl_options_set_double(options, key, (double)NAN), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_double(options, key, (double)INFINITY), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_double(options, key, nextafter(most, INFINITY)), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_double(options, key, nextafter(least, -INFINITY)), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_text(options, name, "nan"), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_text(options, name, "1e999"), MFL_ERROR_OPTION_RANGE);
    ck_assert_int_eq(mfl_options_set_text(options, name, ""), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_set_text(options, name, "0.5x"), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_get_double(options, key, &value), MFL_OK);
    ck_assert(value == standard);
    ck_assert_int_eq(mfl_options_set_double(options, key, most), MFL_OK);
    ck_assert_int_eq(mfl_options_get_double(options, key, &value), MFL_OK);
    ck_assert(value == most);
    ck_assert_int_eq(mfl_options_set_int(options, key, 1), MFL_ERROR_OPTION_TYPE);
}

static void check_all(mfl_options *options, int32_t first_key)
{
    size_t count;
    ck_assert_int_eq(mfl_options_count(options, &count), MFL_OK);
    for (size_t i = 0; i < count; i++) {
        int32_t key, found, type, set;
        const char *name, *summary, *choices;
        ck_assert_int_eq(mfl_options_key(options, i, &key), MFL_OK);
        ck_assert(key > first_key && key < first_key + 1000);
        ck_assert_int_eq(mfl_options_describe(options, key, &type, &name, &summary, &choices), MFL_OK);
        ck_assert_int_eq(mfl_options_find(options, name, &found), MFL_OK);
        ck_assert_int_eq(found, key);
        ck_assert_uint_gt(strlen(summary), 0);
        ck_assert_int_eq(choices[0] != '\0', type == MFL_OPTION_CHOICE);
        ck_assert_int_eq(mfl_options_is_set(options, key, &set), MFL_OK);
        ck_assert_int_eq(set, 0);
        if (type == MFL_OPTION_DOUBLE)
            check_number(options, key, name);
        else
            check_integer(options, key, name, choices);
        ck_assert_int_eq(mfl_options_is_set(options, key, &set), MFL_OK);
        ck_assert_int_eq(set, 1);
        ck_assert_int_eq(mfl_options_reset(options, key), MFL_OK);
        ck_assert_int_eq(mfl_options_is_set(options, key, &set), MFL_OK);
        ck_assert_int_eq(set, 0);
    }
    int32_t key;
    ck_assert_int_eq(mfl_options_key(options, count, &key), MFL_ERROR_ARGUMENT);
}

START_TEST(options_can_be_enumerated_and_keep_their_bounds)
{
    open_handles();
    check_all(of_context, 1000);
    check_all(of_model, 2000);
    close_handles();
}
END_TEST

START_TEST(keys_are_pinned)
{
    open_handles();
    int32_t key;
    ck_assert_int_eq(mfl_options_find(of_context, "seed", &key), MFL_OK);
    ck_assert_int_eq(key, 1002);
    ck_assert_int_eq(mfl_options_find(of_model, "activation", &key), MFL_OK);
    ck_assert_int_eq(key, 2004);
    close_handles();
}
END_TEST

START_TEST(unknown_options_are_named_with_the_known_ones)
{
    open_handles();
    int32_t number;
    int64_t integer;
    double value;
    ck_assert_int_eq(mfl_options_find(of_context, "sed", &number), MFL_ERROR_OPTION);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "\"sed\""));
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "seed"));
    ck_assert_int_eq(mfl_options_set_text(of_context, "gamma", "1"), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_get_int(of_context, MFL_MODEL_GAMMA, &integer), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_get_double(of_context, 0, &value), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_set_int(of_context, -1, 0), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_set_double(of_context, -1, 0), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_bounds_int(of_context, -1, NULL, NULL, NULL), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_bounds_double(of_context, -1, NULL, NULL, NULL), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_describe(of_context, -1, NULL, NULL, NULL, NULL), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_is_set(of_context, -1, &number), MFL_ERROR_OPTION);
    ck_assert_int_eq(mfl_options_reset(of_context, -1), MFL_ERROR_OPTION);
    close_handles();
}
END_TEST

START_TEST(null_arguments_are_refused)
{
    open_handles();
    int32_t number;
    char byte;
    ck_assert_int_eq(mfl_options_count(NULL, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_count(of_context, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_key(of_context, 0, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_find(of_context, NULL, &number), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_find(of_context, "seed", NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_set_text(of_context, NULL, "1"), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_set_text(of_context, "seed", NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_get_int(of_context, MFL_CONTEXT_SEED, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_get_double(of_model, MFL_MODEL_GAMMA, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_is_set(of_context, MFL_CONTEXT_SEED, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_write(of_context, NULL, 1, NULL), MFL_ERROR_NULL);
    ck_assert_int_eq(mfl_options_write(of_context, &byte, 0, NULL), MFL_ERROR_BUFFER);
    close_handles();
}
END_TEST

START_TEST(text_sets_integers_numbers_and_choices)
{
    open_handles();
    int64_t integer;
    double value;
    ck_assert_int_eq(mfl_options_set_text(of_context, "seed", "-9223372036854775808"), MFL_OK);
    ck_assert_int_eq(mfl_options_get_int(of_context, MFL_CONTEXT_SEED, &integer), MFL_OK);
    ck_assert_int_eq(integer, INT64_MIN);
    ck_assert_int_eq(mfl_options_set_text(of_context, "seed", "9223372036854775808"), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_set_text(of_context, "seed", "1.5"), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_set_text(of_model, "sigma_w", " 2.5e-1 "), MFL_OK);
    ck_assert_int_eq(mfl_options_get_double(of_model, MFL_MODEL_SIGMA_W, &value), MFL_OK);
    ck_assert(value == 0.25);
    ck_assert_int_eq(mfl_options_set_text(of_model, "activation", "quadratic"), MFL_OK);
    ck_assert_int_eq(mfl_options_get_int(of_model, MFL_MODEL_ACTIVATION, &integer), MFL_OK);
    ck_assert_int_eq(integer, MFL_ACTIVATION_QUADRATIC);
    ck_assert_int_eq(mfl_options_set_text(of_model, "activation", "quad"), MFL_ERROR_PARSE);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "relu|leaky"));
    ck_assert_int_eq(mfl_options_set_text(of_model, "activation", ""), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_set_text(of_model, "activation", "relu|leaky"), MFL_ERROR_PARSE);
    close_handles();
}
END_TEST

START_TEST(options_write_themselves)
{
    open_handles();
    char text[256];
    size_t needed;
    ck_assert_int_eq(mfl_options_set_double(of_model, MFL_MODEL_SIGMA_A, 0.1), MFL_OK);
    ck_assert_int_eq(mfl_options_set_double(of_model, MFL_MODEL_SIGMA_W, 1.0 / 3.0), MFL_OK);
    ck_assert_int_eq(mfl_options_write(of_model, text, sizeof text, &needed), MFL_OK);
    ck_assert_str_eq(text, "gamma=0.5,sigma_w=0.3333333333333333,sigma_a=0.1,activation=relu,leak=0.01");
    ck_assert_uint_eq(needed, strlen(text) + 1);
    close_handles();
}
END_TEST

/* The build makes a locale with a decimal comma for this test where it can. */
START_TEST(numbers_have_a_point_in_every_locale)
{
    open_handles();
    if (setlocale(LC_ALL, "de_DE.UTF-8"))
        ck_assert_str_eq(localeconv()->decimal_point, ",");
    else
        puts("no locale with a decimal comma here: this ran in the C locale only");
    char text[256];
    double value;
    ck_assert_int_eq(mfl_options_set_text(of_model, "gamma", "0.75"), MFL_OK);
    ck_assert_int_eq(mfl_options_get_double(of_model, MFL_MODEL_GAMMA, &value), MFL_OK);
    ck_assert(value == 0.75);
    ck_assert_int_eq(mfl_options_set_text(of_model, "gamma", "0,5"), MFL_ERROR_PARSE);
    ck_assert_int_eq(mfl_options_write(of_model, text, sizeof text, NULL), MFL_OK);
    ck_assert_str_eq(text, "gamma=0.75,sigma_w=1,sigma_a=1,activation=relu,leak=0.01");
    close_handles();
}
END_TEST

int main(void)
{
    return RUN_TESTS("options", options_can_be_enumerated_and_keep_their_bounds, keys_are_pinned,
                     unknown_options_are_named_with_the_known_ones, null_arguments_are_refused,
                     text_sets_integers_numbers_and_choices, options_write_themselves,
                     numbers_have_a_point_in_every_locale);
}
