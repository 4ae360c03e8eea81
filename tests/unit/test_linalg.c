/* SPDX-License-Identifier: BSD-3-Clause */
/* Linear algebra against loops written out here, on matrices whose rows are longer than what is
 * used of them. */
#include <math.h>
#include <string.h>

#include "../run.h"
#include "core/context.h"
#include "linalg/linalg.h"

enum { M = 7, N = 5, K = 6, LD = 9 };

static const double tolerance = 1e-13;

static mfl_context *context;

static void open_context(void)
{
    ck_assert_int_eq(mfl_context_create(&context), MFL_OK);
    ck_assert_int_eq(mfli_enter(context, MFLI_CONTEXT), MFL_OK);
}

static void close_context(void)
{
    mfli_leave(context, MFL_OK);
    mfl_context_destroy(context);
}

/* Numbers of order one without a pattern; what lies beyond the used part must not matter, so it is
 * not a number. */
static void fill(double *a, int64_t rows, int64_t columns, double phase)
{
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < LD; j++)
            a[i * LD + j] =
                j < columns ? sin(phase + 3.7 * (double)i + 1.3 * (double)(j * j)) : NAN;
}

/* Lower triangle of B B^T + shift I, not a number above it. */
static void fill_symmetric(double *a, double shift)
{
    double b[N * LD];
    fill(b, N, N, 0.4);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < LD; j++) {
            a[i * LD + j] = j > i ? NAN : i == j ? shift : 0.0;
            for (int64_t k = 0; k < N && j <= i; k++)
                a[i * LD + j] += b[i * LD + k] * b[j * LD + k];
        }
}

static double symmetric(const double *a, int64_t i, int64_t j)
{
    return i > j ? a[i * LD + j] : a[j * LD + i];
}

static double element(const double *a, int32_t op, int64_t i, int64_t j)
{
    return op == MFLI_TRANSPOSED ? a[j * LD + i] : a[i * LD + j];
}

START_TEST(products)
{
    open_context();
    double a[LD * LD], b[LD * LD], c[LD * LD], before[LD * LD];
    for (int32_t op_a = MFLI_PLAIN; op_a <= MFLI_TRANSPOSED; op_a++)
        for (int32_t op_b = MFLI_PLAIN; op_b <= MFLI_TRANSPOSED; op_b++) {
            fill(a, op_a ? K : M, op_a ? M : K, 0.1);
            fill(b, op_b ? N : K, op_b ? K : N, 0.2);
            fill(c, M, N, 0.3);
            fill(before, M, N, 0.3);
            ck_assert_int_eq(
                mfli_gemm(context, op_a, op_b, M, N, K, 2.0, a, LD, b, LD, -1.0, c, LD), MFL_OK);
            for (int64_t i = 0; i < M; i++)
                for (int64_t j = 0; j < N; j++) {
                    double sum = -before[i * LD + j];
                    for (int64_t k = 0; k < K; k++)
                        sum += 2.0 * element(a, op_a, i, k) * element(b, op_b, k, j);
                    ck_assert_double_eq_tol(c[i * LD + j], sum, tolerance);
                }
            ck_assert(isnan(c[N]));
        }
    close_context();
}
END_TEST

START_TEST(products_with_vectors_and_with_itself)
{
    open_context();
    double a[LD * LD], c[LD * LD], x[LD], y[LD];
    for (int32_t op = MFLI_PLAIN; op <= MFLI_TRANSPOSED; op++) {
        fill(a, M, K, 0.1);
        fill(x, 1, op ? M : K, 0.5);
        int64_t rows = op ? K : M, columns = op ? M : K;
        ck_assert_int_eq(mfli_gemv(context, op, M, K, 2.0, a, LD, x, 0.0, y), MFL_OK);
        fill(c, rows, rows, 0.7);
        double corner = c[1];
        ck_assert_int_eq(mfli_syrk(context, op, rows, columns, 2.0, a, LD, 0.0, c, LD), MFL_OK);
        ck_assert_double_eq(c[1], corner);
        for (int64_t i = 0; i < rows; i++) {
            double sum = 0.0;
            for (int64_t k = 0; k < columns; k++)
                sum += 2.0 * element(a, op, i, k) * x[k];
            ck_assert_double_eq_tol(y[i], sum, tolerance);
            for (int64_t j = 0; j <= i; j++) {
                double product = 0.0;
                for (int64_t k = 0; k < columns; k++)
                    product += 2.0 * element(a, op, i, k) * element(a, op, j, k);
                ck_assert_double_eq_tol(c[i * LD + j], product, tolerance);
            }
        }
    }
    close_context();
}
END_TEST

START_TEST(cholesky)
{
    open_context();
    double a[LD * LD], l[LD * LD], b[2 * LD], x[LD], product[LD];
    fill_symmetric(a, 0.5);
    fill_symmetric(l, 0.5);
    ck_assert_int_eq(mfli_potrf(context, N, l, LD, NULL), MFL_OK);
    double log_det = 0.0;
    for (int64_t i = 0; i < N; i++) {
        for (int64_t j = 0; j <= i; j++) {
            double sum = 0.0;
            for (int64_t k = 0; k <= j; k++)
                sum += l[i * LD + k] * l[j * LD + k];
            ck_assert_double_eq_tol(sum, a[i * LD + j], tolerance);
        }
        log_det += 2.0 * log(l[i * LD + i]);
    }
    ck_assert_double_eq_tol(mfli_log_det(N, l, LD), log_det, tolerance);
    ck_assert(isnan(l[1]));

    fill(b, 2, N, 0.9);
    double right[2 * LD];
    fill(right, 2, N, 0.9);
    ck_assert_int_eq(mfli_potrs(context, N, 2, l, LD, b, LD), MFL_OK);
    for (int64_t r = 0; r < 2; r++) {
        for (int64_t i = 0; i < N; i++)
            x[i] = b[r * LD + i];
        ck_assert_int_eq(mfli_symv(context, N, 1.0, a, LD, x, 0.0, product), MFL_OK);
        for (int64_t i = 0; i < N; i++)
            ck_assert_double_eq_tol(product[i], right[r * LD + i], 1e-12);
    }
    close_context();
}
END_TEST

START_TEST(triangular_solves)
{
    open_context();
    double l[LD * LD], b[LD * LD], x[LD * LD];
    fill(l, N, N, 0.4);
    for (int64_t i = 0; i < N; i++) {
        l[i * LD + i] += 3.0;
        for (int64_t j = i + 1; j < N; j++)
            l[i * LD + j] = NAN;
    }
    for (int32_t op = MFLI_PLAIN; op <= MFLI_TRANSPOSED; op++)
        for (int32_t side = MFLI_LEFT; side <= MFLI_RIGHT; side++) {
            int64_t rows = side ? M : N, columns = side ? N : M;
            fill(b, rows, columns, 0.6);
            fill(x, rows, columns, 0.6);
            ck_assert_int_eq(mfli_trsm(context, side, op, rows, columns, l, LD, x, LD), MFL_OK);
            for (int64_t i = 0; i < rows; i++)
                for (int64_t j = 0; j < columns; j++) {
                    double sum = 0.0;
                    for (int64_t k = 0; k < N; k++) {
                        int64_t r = side ? k : i, c = side ? j : k;
                        if (op ? r <= c : r >= c)
                            sum += element(l, op, r, c) * (side ? x[i * LD + k] : x[k * LD + j]);
                    }
                    ck_assert_double_eq_tol(sum, b[i * LD + j], tolerance);
                }
        }
    close_context();
}
END_TEST

START_TEST(eigenvectors)
{
    open_context();
    double a[LD * LD], vectors[LD * LD], values[N], product[N];
    fill_symmetric(a, 0.0);
    fill_symmetric(vectors, 0.0);
    ck_assert_int_eq(mfli_syevd(context, N, vectors, LD, values), MFL_OK);
    for (int64_t v = 0; v < N; v++) {
        const double *vector = vectors + v * LD;
        double norm = 0.0;
        ck_assert(v == 0 || values[v] >= values[v - 1]);
        for (int64_t i = 0; i < N; i++) {
            product[i] = 0.0;
            norm += vector[i] * vector[i];
            for (int64_t j = 0; j < N; j++)
                product[i] += symmetric(a, i, j) * vector[j];
            ck_assert_double_eq_tol(product[i], values[v] * vector[i], 1e-12);
        }
        ck_assert_double_eq_tol(norm, 1.0, tolerance);
    }
    close_context();
}
END_TEST

START_TEST(what_cannot_be_factorised)
{
    open_context();
    double a[LD * LD], values[N];
    int64_t pivot = -1;
    fill_symmetric(a, 0.5);
    a[3 * LD + 3] = -1.0;
    ck_assert_int_eq(mfli_potrf(context, N, a, LD, &pivot), MFL_ERROR_NOT_POSITIVE_DEFINITE);
    ck_assert_int_eq(pivot, 3);
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        fill_symmetric(a, 0.5);
        a[4 * LD + 2] = bad[i];
        ck_assert_int_eq(mfli_potrf(context, N, a, LD, &pivot), MFL_ERROR_NOT_FINITE);
        ck_assert_int_eq(mfli_syevd(context, N, a, LD, values), MFL_ERROR_NOT_FINITE);
        fill_symmetric(a, 0.5);
        a[4 * LD + 4] = bad[i];
        ck_assert_int_eq(mfli_potrf(context, N, a, LD, &pivot), MFL_ERROR_NOT_FINITE);
        ck_assert_int_eq(mfli_syevd(context, N, a, LD, values), MFL_ERROR_NOT_FINITE);
    }
    fill_symmetric(a, 0.5);
    a[2 * LD + 2] = 0.0; /* as a factor: singular */
    ck_assert_int_eq(mfli_potri(context, N, a, LD), MFL_ERROR_NOT_POSITIVE_DEFINITE);
    ck_assert_ptr_nonnull(strstr(mfl_context_message(context), "row 2"));
    close_context();
}
END_TEST

/* None of these may reach the BLAS, which would print a message and could end the process. */
START_TEST(impossible_sizes)
{
    open_context();
    double a[LD * LD] = {0.0}, x[LD] = {0.0};
    const int64_t huge = INT64_C(1) << 31;
    ck_assert_int_eq(mfli_gemm(context, 0, 0, 1, 1, huge, 1.0, a, huge, a, 1, 0.0, x, 1),
                     MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_gemm(context, 0, 0, 2, 2, 2, 1.0, a, 1, a, 2, 0.0, x, 2), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_gemv(context, 0, -1, 2, 1.0, a, 2, x, 0.0, x), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_syrk(context, 0, huge, 1, 1.0, a, 1, 0.0, a, huge), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_symv(context, 3, 1.0, a, 2, x, 0.0, x), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_potrf(context, huge, a, huge, NULL), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_potrs(context, 2, 2, a, 2, x, 1), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_trsm(context, 0, 0, 3, 1, a, 2, x, 1), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_syevd(context, huge, a, huge, x), MFL_ERROR_SIZE);
    ck_assert_int_eq(mfli_syevd(context, 32767, a, 32767, x), MFL_ERROR_SIZE); /* the workspace of LAPACK */
    close_context();
}
END_TEST

START_TEST(empty_matrices)
{
    open_context();
    double c[4] = {1.0, 2.0, 3.0, 4.0};
    ck_assert_int_eq(mfli_gemm(context, 0, 0, 2, 2, 0, 1.0, NULL, 1, NULL, 2, 0.0, c, 2), MFL_OK);
    ck_assert_double_eq(c[3], 0.0);
    c[0] = 1.0;
    ck_assert_int_eq(mfli_gemv(context, MFLI_PLAIN, 2, 0, 1.0, NULL, 1, NULL, 0.0, c), MFL_OK);
    ck_assert_double_eq(c[0], 0.0);
    ck_assert_int_eq(mfli_gemv(context, MFLI_TRANSPOSED, 2, 0, 1.0, NULL, 1, c, 0.0, NULL), MFL_OK);
    ck_assert_int_eq(mfli_syrk(context, 0, 0, 2, 1.0, NULL, 2, 0.0, NULL, 1), MFL_OK);
    ck_assert_int_eq(mfli_potrf(context, 0, NULL, 1, NULL), MFL_OK);
    ck_assert_int_eq(mfli_potrs(context, 2, 0, c, 2, NULL, 2), MFL_OK);
    ck_assert_int_eq(mfli_trsm(context, 0, 0, 0, 2, NULL, 1, NULL, 2), MFL_OK);
    ck_assert_int_eq(mfli_syevd(context, 0, NULL, 1, NULL), MFL_OK);
    close_context();
}
END_TEST

/* A A^-1 = 1, the inverse from its lower triangle. */
START_TEST(inverse)
{
    open_context();
    double a[N * LD], b[N * LD];
    fill_symmetric(a, 0.5);
    fill_symmetric(b, 0.5);
    ck_assert_int_eq(mfli_potrf(context, N, b, LD, NULL), MFL_OK);
    ck_assert_int_eq(mfli_potri(context, N, b, LD), MFL_OK);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++) {
            double sum = 0.0;
            for (int64_t k = 0; k < N; k++)
                sum += symmetric(a, i, k) * symmetric(b, k, j);
            ck_assert_double_eq_tol(sum, i == j ? 1.0 : 0.0, 1e-12);
        }
    ck_assert_int_eq(mfli_potri(context, 2, a, 1), MFL_ERROR_SIZE);
    close_context();
}
END_TEST

int main(void)
{
    return RUN_TESTS("linalg", products, products_with_vectors_and_with_itself, cholesky, inverse,
                     triangular_solves, eigenvectors, what_cannot_be_factorised, impossible_sizes,
                     empty_matrices);
}
