/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as text: exact round trips, whole texts only, bounded buffers. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../run.h"
#include "core/text.h"

static double round_trip(double value)
{
    char text[MFLI_NUMBER_SIZE];
    double again = 0.0;
    mfli_format_double(text, value);
    ck_assert_int_eq(mfli_parse_double(text, &again), 0);
    return again;
}

START_TEST(numbers_survive_a_round_trip)
{
    static const double values[] = {0.0, -0.0, 0.1, 1.0 / 3.0, 1e-300, 5e-324, 1.7976931348623157e308, 123456789.0};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ck_assert(round_trip(values[i]) == values[i]);
        ck_assert_int_eq(signbit(round_trip(values[i])) != 0, signbit(values[i]) != 0);
    }
    uint64_t state = 1; /* bit patterns from a 64-bit linear congruential generator */
    for (int i = 0; i < 20000; i++) {
        double value;
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &state, sizeof value);
        if (isfinite(value))
            ck_assert(round_trip(value) == value);
    }
    ck_assert(isnan(round_trip((double)NAN)));
    ck_assert(isinf(round_trip((double)INFINITY)));
}
END_TEST

START_TEST(the_shortest_text_is_used)
{
    char text[MFLI_NUMBER_SIZE];
    mfli_format_double(text, 0.1);
    ck_assert_str_eq(text, "0.1");
    mfli_format_double(text, 0.1 + 0.2);
    ck_assert_str_eq(text, "0.30000000000000004");
}
END_TEST

START_TEST(only_whole_texts_are_numbers)
{
    static const char *const refused[] = {"", " ", "1x", "1 2", "--1", "1,5", "0.5.5", "e5"};
    double number;
    int64_t integer;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        ck_assert_int_ne(mfli_parse_double(refused[i], &number), 0);
        ck_assert_int_ne(mfli_parse_int(refused[i], &integer), 0);
    }
    char longer[400];
    memset(longer, '1', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    ck_assert_int_ne(mfli_parse_double(longer, &number), 0);
    ck_assert_int_ne(mfli_parse_int(longer, &integer), 0);
    ck_assert_int_ne(mfli_parse_int("1.0", &integer), 0);
    ck_assert_int_eq(mfli_parse_int(" -9223372036854775808\t", &integer), 0);
    ck_assert_int_eq(integer, INT64_MIN);
    ck_assert_int_eq(mfli_parse_double("\t-1.5e3 ", &number), 0);
    ck_assert(number == -1500.0);
}
END_TEST

START_TEST(appending_never_writes_past_the_end)
{
    for (size_t capacity = 0; capacity <= 12; capacity++) {
        char text[16];
        size_t used = 0;
        memset(text, '#', sizeof text);
        mfli_append(text, capacity, &used, "hello");
        mfli_append(text, capacity, &used, "world");
        ck_assert_uint_eq(used, 10);
        if (capacity > 0) {
            size_t kept = capacity - 1 < 10 ? capacity - 1 : 10;
            ck_assert_uint_eq(strlen(text), kept);
            ck_assert_int_eq(memcmp(text, "helloworld", kept), 0);
        }
        for (size_t i = capacity; i < sizeof text; i++)
            ck_assert_int_eq(text[i], '#');
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS("core: text", numbers_survive_a_round_trip, the_shortest_text_is_used,
                     only_whole_texts_are_numbers, appending_never_writes_past_the_end);
}
