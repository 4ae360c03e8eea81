/* SPDX-License-Identifier: BSD-3-Clause */
/* Dense linear algebra: the one place that names CBLAS and LAPACKE.
 *
 * Matrices are row-major with a leading dimension (distance of rows, in elements). Symmetric
 * matrices are read from their lower triangle; what stands above it is neither read nor, by the
 * factorisations, written. Sizes are int64_t and refused with MFL_ERROR_SIZE when the host's 32-bit
 * interface cannot hold them, or when a leading dimension is too small: a BLAS prints and may stop
 * the process on such arguments. A size of zero is allowed.
 *
 * The host's BLAS may run its own threads, as many as the host has set; nothing here changes that.
 * So none of these functions may be called inside a team's loop (core/team.h). */
#ifndef MFLI_LINALG_LINALG_H
#define MFLI_LINALG_LINALG_H

#include <mflearn/types.h>

enum mfli_op { MFLI_PLAIN, MFLI_TRANSPOSED };
enum mfli_side { MFLI_LEFT, MFLI_RIGHT };

/* C (m x n) = alpha op(A) op(B) + beta C, with op(A) m x k and op(B) k x n. C is not read when beta
 * is 0. */
int32_t mfli_gemm(mfl_context *context, int32_t op_a, int32_t op_b, int64_t m, int64_t n, int64_t k,
                  double alpha, const double *a, int64_t lda, const double *b, int64_t ldb,
                  double beta, double *c, int64_t ldc);

/* C (m x n) = A op(B) in single precision, A m x k and op(B) k x n, all without gaps between rows. */
int32_t mfli_gemm_f32(mfl_context *context, int32_t op_b, int64_t m, int64_t n, int64_t k, const float *a,
                      const float *b, float *c);

/* y = alpha op(A) x + beta y, A m x n as it is stored. */
int32_t mfli_gemv(mfl_context *context, int32_t op, int64_t m, int64_t n, double alpha,
                  const double *a, int64_t lda, const double *x, double beta, double *y);

/* Lower triangle of C (n x n) = alpha op(A) op(A)^T + beta C, op(A) n x k. */
int32_t mfli_syrk(mfl_context *context, int32_t op, int64_t n, int64_t k, double alpha,
                  const double *a, int64_t lda, double beta, double *c, int64_t ldc);

/* y = alpha A x + beta y, A symmetric n x n. */
int32_t mfli_symv(mfl_context *context, int64_t n, double alpha, const double *a, int64_t lda,
                  const double *x, double beta, double *y);

/* A = L L^T in place, in the lower triangle. MFL_ERROR_NOT_FINITE if A holds such a number;
 * MFL_ERROR_NOT_POSITIVE_DEFINITE sets *pivot to the row (from 0) at which A ceased to be positive
 * definite. After a failure the triangle holds nothing useful. pivot may be NULL. */
int32_t mfli_potrf(mfl_context *context, int64_t n, double *a, int64_t lda, int64_t *pivot);

/* Solve L L^T x = b for `count` right-hand sides, each one a ROW of b (count x n). */
int32_t mfli_potrs(mfl_context *context, int64_t n, int64_t count, const double *l, int64_t ldl,
                   double *b, int64_t ldb);

/* Replace the lower triangle, L of A = L L^T, by that of A^-1. */
int32_t mfli_potri(mfl_context *context, int64_t n, double *l, int64_t ldl);

/* log det(L L^T). */
double mfli_log_det(int64_t n, const double *l, int64_t ldl);

/* Replace B (m x n) by the X of op(L) X = B (left, L m x m) or X op(L) = B (right, L n x n), L
 * lower triangular. */
int32_t mfli_trsm(mfl_context *context, int32_t side, int32_t op, int64_t m, int64_t n,
                  const double *l, int64_t ldl, double *b, int64_t ldb);

/* Eigenvalues of symmetric A in ascending order, and in place of A the eigenvectors: row i belongs
 * to value i. Takes 2 n^2 + O(n) numbers of the context's memory while it runs;
 * MFL_ERROR_NOT_FINITE as above. */
int32_t mfli_syevd(mfl_context *context, int64_t n, double *a, int64_t lda, double *values);

#endif
