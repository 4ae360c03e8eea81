/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Statistics of the normals: moments, Kolmogorov-Smirnov, tails, and correlations between streams
 * that differ in one coordinate. The seed is fixed, so a failure is a changed generator, not bad
 * luck; had the seed been free, each bound at 5 standard deviations would fail with probability
 * 5.7e-7, the Kolmogorov-Smirnov ones with 2 exp(-2 * 2.8^2) = 3.1e-7, and the count beyond 5, of
 * mean 9.6, with 6.6e-5 by being 0 and 4e-7 by exceeding 28: 1.6e-4 for all of them together.
 */
#include <math.h>
#include <stdlib.h>

#include "../run.h"
#include "rng/normals.h"

enum { COLS = 64, ROWS = 1 << 18, KS_COUNT = 1 << 20 };
static const double count = (double)COLS * ROWS;

/* Normals of rows row0 .. row0+width-1 as doubles; returns the number. */
typedef size_t (*generator)(const mfli_stream *stream, uint64_t row0, double *out);

static size_t doubles(const mfli_stream *stream, uint64_t row0, double *out)
{
    mfli_normals_baseline.panel_f64(stream, row0, COLS, 0, COLS, out);
    return mfli_normals_baseline.width_f64;
}

static size_t floats(const mfli_stream *stream, uint64_t row0, double *out)
{
    float panel[COLS * 32];
    const size_t width = mfli_normals_baseline.width_f32;
    mfli_normals_baseline.panel_f32(stream, row0, COLS, 0, COLS, panel);
    for (size_t i = 0; i < COLS * width; i++)
        out[i] = panel[i];
    return width;
}

static const generator generators[] = {doubles, floats};

/* Central moments of a standard normal: E x^4 = 3, variances 1, 2, 15, 96. */
START_TEST(moments)
{
    const mfli_stream stream = {20261, 5, 1, MFLI_PURPOSE_LANGEVIN};
    double panel[COLS * 32], sum[4] = {0};
    const double expected[4] = {0, 1, 0, 3}, variance[4] = {1, 2, 15, 96};
    size_t width = 1;
    for (uint64_t row = 0; row < ROWS; row += width) {
        width = generators[_i](&stream, row, panel);
        for (size_t i = 0; i < COLS * width; i++) {
            const double x = panel[i], x2 = x * x;
            sum[0] += x;
            sum[1] += x2;
            sum[2] += x2 * x;
            sum[3] += x2 * x2;
        }
    }
    for (int k = 0; k < 4; k++)
        ck_assert_msg(fabs(sum[k] - count * expected[k]) < 5 * sqrt(count * variance[k]),
                      "moment %d: %g", k + 1, sum[k] / count);
}
END_TEST

/* Numbers beyond 3, 4 and 5 on either side: expected 22646, 531 and 4.81 a side. */
START_TEST(tails)
{
    const mfli_stream stream = {20262, 6, 2, MFLI_PURPOSE_LANGEVIN};
    double panel[COLS * 32], beyond[2][3] = {{0}};
    size_t width = 1;
    for (uint64_t row = 0; row < ROWS; row += width) {
        width = generators[_i](&stream, row, panel);
        for (size_t i = 0; i < COLS * width; i++)
            for (int k = 0; k < 3; k++)
                beyond[panel[i] < 0][k] += fabs(panel[i]) > 3 + k;
    }
    for (int side = 0; side < 2; side++) {
        for (int k = 0; k < 2; k++) {
            const double mean = count * erfc((3 + k) / sqrt(2)) / 2;
            ck_assert(fabs(beyond[side][k] - mean) < 5 * sqrt(mean));
        }
    }
    ck_assert(beyond[0][2] + beyond[1][2] >= 1 && beyond[0][2] + beyond[1][2] <= 28);
}
END_TEST

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

START_TEST(kolmogorov_smirnov)
{
    const mfli_stream stream = {20263, 7, 3, MFLI_PURPOSE_LANGEVIN};
    double *x = malloc((KS_COUNT + COLS * 32) * sizeof *x), distance = 0;
    size_t width = 1;
    for (uint64_t row = 0; row * COLS < KS_COUNT; row += width)
        width = generators[_i](&stream, row, x + row * COLS);
    qsort(x, KS_COUNT, sizeof *x, ascending);
    for (int i = 0; i < KS_COUNT; i++) {
        const double p = erfc(-x[i] / sqrt(2)) / 2;
        distance = fmax(distance, fmax(p - (double)i / KS_COUNT, (i + 1.0) / KS_COUNT - p));
    }
    ck_assert(distance * sqrt(KS_COUNT) < 2.8);
    free(x);
}
END_TEST

/* Products of a stream with each neighbour: next seed, step, chain, purpose, row, column. */
START_TEST(neighbouring_streams_are_uncorrelated)
{
    const mfli_stream base = {20264, 8, 4, MFLI_PURPOSE_LANGEVIN};
    const mfli_stream others[] = {{20265, 8, 4, MFLI_PURPOSE_LANGEVIN},
                                  {20264, 9, 4, MFLI_PURPOSE_LANGEVIN},
                                  {20264, 8, 5, MFLI_PURPOSE_LANGEVIN},
                                  {20264, 8, 4, MFLI_PURPOSE_MOMENTUM}};
    enum { SHORT_ROWS = ROWS / 8 };
    const double n = (double)SHORT_ROWS * COLS;
    double panel[COLS * 32], other[COLS * 32], sum[6] = {0}, squares[6] = {0};
    size_t width = 1;
    for (uint64_t row = 0; row < SHORT_ROWS; row += width) {
        width = generators[_i](&base, row, panel);
        for (int k = 0; k < 4; k++) {
            generators[_i](&others[k], row, other);
            for (size_t i = 0; i < COLS * width; i++) {
                sum[k] += panel[i] * other[i];
                squares[k] += (panel[i] * panel[i] - 1) * (other[i] * other[i] - 1);
            }
        }
        for (size_t i = 0; i < COLS * width; i++) {
            const size_t right = (i + width) % (COLS * width), below = i / width * width + (i + 1) % width;
            sum[4] += panel[i] * panel[right];
            squares[4] += (panel[i] * panel[i] - 1) * (panel[right] * panel[right] - 1);
            sum[5] += panel[i] * panel[below];
            squares[5] += (panel[i] * panel[i] - 1) * (panel[below] * panel[below] - 1);
        }
    }
    for (int k = 0; k < 6; k++) {
        ck_assert_msg(fabs(sum[k]) < 5 * sqrt(n), "neighbour %d: %g", k, sum[k] / sqrt(n));
        ck_assert_msg(fabs(squares[k]) < 10 * sqrt(n), "squares %d: %g", k, squares[k] / sqrt(n));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("normals");
    TCase *tests = tcase_create("statistics");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, moments, 0, 2);
    tcase_add_loop_test(tests, tails, 0, 2);
    tcase_add_loop_test(tests, kolmogorov_smirnov, 0, 2);
    tcase_add_loop_test(tests, neighbouring_streams_are_uncorrelated, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
