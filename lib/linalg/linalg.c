/* SPDX-License-Identifier: BSD-3-Clause */
#include "linalg/linalg.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "config.h"
#if MFLI_BLAS_IS_MKL
#include <mkl_cblas.h>
#include <mkl_lapacke.h>
#else
#include <cblas.h>
#include <lapacke.h>
#endif

#include "core/context.h"

/* LAPACK is column-major. A row-major matrix is its transpose there, so a lower triangle is called
 * upper, and rows are columns; LAPACKE's own row-major mode would allocate and copy. */
static const char lower_for_lapack = 'U';

static int32_t fits(mfl_context *context, const char *name, int64_t rows, int64_t columns,
                    int64_t ld)
{
    if (rows < 0 || columns < 0 || ld < 1 || ld < columns || rows > INT_MAX || columns > INT_MAX
        || ld > INT_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "%s: %lld x %lld with leading dimension %lld; sizes must be from 0 to %d "
                         "and the leading "
                         "dimension at least the number of columns",
                         name, (long long)rows, (long long)columns, (long long)ld, INT_MAX);
    return MFL_OK;
}

static int32_t fits_op(mfl_context *context, const char *name, int32_t op, int64_t rows,
                       int64_t columns, int64_t ld)
{
    return op == MFLI_TRANSPOSED ? fits(context, name, columns, rows, ld)
                                 : fits(context, name, rows, columns, ld);
}

static CBLAS_TRANSPOSE cblas_op(int32_t op)
{
    return op == MFLI_TRANSPOSED ? CblasTrans : CblasNoTrans;
}

int32_t mfli_gemm(mfl_context *context, int32_t op_a, int32_t op_b, int64_t m, int64_t n, int64_t k,
                  double alpha, const double *a, int64_t lda, const double *b, int64_t ldb,
                  double beta, double *c, int64_t ldc)
{
    int32_t status = fits_op(context, "gemm: A", op_a, m, k, lda);
    if (!status)
        status = fits_op(context, "gemm: B", op_b, k, n, ldb);
    if (!status)
        status = fits(context, "gemm: C", m, n, ldc);
    if (!status && m && n)
        cblas_dgemm(CblasRowMajor, cblas_op(op_a), cblas_op(op_b), (int)m, (int)n, (int)k, alpha, a,
                    (int)lda, b, (int)ldb, beta, c, (int)ldc);
    return status;
}

int32_t mfli_gemm_f32(mfl_context *context, int32_t op_b, int64_t m, int64_t n, int64_t k, const float *a,
                      const float *b, float *c)
{
    const int64_t columns = op_b == MFLI_TRANSPOSED ? k : n;
    int32_t status = fits(context, "gemm: A", m, k, k);
    if (!status)
        status = fits_op(context, "gemm: B", op_b, k, n, columns);
    if (!status)
        status = fits(context, "gemm: C", m, n, n);
    if (!status && m && n)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, cblas_op(op_b), (int)m, (int)n, (int)k, 1.0f, a, (int)k, b,
                    (int)columns, 0.0f, c, (int)n);
    return status;
}

int32_t mfli_gemv(mfl_context *context, int32_t op, int64_t m, int64_t n, double alpha,
                  const double *a, int64_t lda, const double *x, double beta, double *y)
{
    /* Some BLAS return at once when either size is 0, without applying beta; gemm does not. */
    int64_t rows = op == MFLI_TRANSPOSED ? n : m, columns = op == MFLI_TRANSPOSED ? m : n;
    if (columns == 0)
        return mfli_gemm(context, op, MFLI_PLAIN, rows, 1, 0, alpha, a, lda, x, 1, beta, y, 1);
    int32_t status = fits(context, "gemv: A", m, n, lda);
    if (!status && rows)
        cblas_dgemv(CblasRowMajor, cblas_op(op), (int)m, (int)n, alpha, a, (int)lda, x, 1, beta, y,
                    1);
    return status;
}

int32_t mfli_syrk(mfl_context *context, int32_t op, int64_t n, int64_t k, double alpha,
                  const double *a, int64_t lda, double beta, double *c, int64_t ldc)
{
    int32_t status = fits_op(context, "syrk: A", op, n, k, lda);
    if (!status)
        status = fits(context, "syrk: C", n, n, ldc);
    if (!status && n)
        cblas_dsyrk(CblasRowMajor, CblasLower, cblas_op(op), (int)n, (int)k, alpha, a, (int)lda,
                    beta, c, (int)ldc);
    return status;
}

int32_t mfli_symv(mfl_context *context, int64_t n, double alpha, const double *a, int64_t lda,
                  const double *x, double beta, double *y)
{
    int32_t status = fits(context, "symv: A", n, n, lda);
    if (!status && n)
        cblas_dsymv(CblasRowMajor, CblasLower, (int)n, alpha, a, (int)lda, x, 1, beta, y, 1);
    return status;
}

/* A LAPACK may loop for ever on numbers that are not finite, or return them without a word. */
static int32_t is_finite_lower(mfl_context *context, int64_t n, const double *a, int64_t lda)
{
    const uint64_t exponent = UINT64_C(0x7ff) << 52;
    for (int64_t i = 0; i < n; i++) {
        uint64_t worst = 0;
        for (int64_t j = 0; j <= i; j++) {
            uint64_t bits;
            memcpy(&bits, &a[i * lda + j], sizeof bits);
            worst |= (bits & exponent) == exponent;
        }
        if (worst)
            return mfli_fail(
                context, MFL_ERROR_NOT_FINITE,
                "row %lld of a matrix to be factorised holds a number that is not finite",
                (long long)i);
    }
    return MFL_OK;
}

int32_t mfli_potrf(mfl_context *context, int64_t n, double *a, int64_t lda, int64_t *pivot)
{
    int32_t status = fits(context, "potrf: A", n, n, lda);
    if (!status)
        status = is_finite_lower(context, n, a, lda);
    if (status || !n)
        return status;
    lapack_int info =
        LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, lower_for_lapack, (lapack_int)n, a, (lapack_int)lda);
    if (info < 0)
        return mfli_fail(context, MFL_ERROR_INTERNAL, "dpotrf refused argument %d", -(int)info);
    if (info == 0)
        return MFL_OK;
    if (pivot)
        *pivot = info - 1;
    return mfli_fail(
        context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
        "a matrix of order %lld is not positive definite: the pivot of row %d is not positive",
        (long long)n, (int)info - 1);
}

int32_t mfli_potrs(mfl_context *context, int64_t n, int64_t count, const double *l, int64_t ldl,
                   double *b, int64_t ldb)
{
    int32_t status = fits(context, "potrs: L", n, n, ldl);
    if (!status)
        status = fits(context, "potrs: B", count, n, ldb);
    if (status || !n || !count)
        return status;
    lapack_int info =
        LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, lower_for_lapack, (lapack_int)n, (lapack_int)count, l,
                            (lapack_int)ldl, b, (lapack_int)ldb);
    return info ? mfli_fail(context, MFL_ERROR_INTERNAL, "dpotrs refused argument %d", -(int)info)
                : MFL_OK;
}

int32_t mfli_potri(mfl_context *context, int64_t n, double *l, int64_t ldl)
{
    int32_t status = fits(context, "potri: L", n, n, ldl);
    if (status || !n)
        return status;
    lapack_int info =
        LAPACKE_dpotri_work(LAPACK_COL_MAJOR, lower_for_lapack, (lapack_int)n, l, (lapack_int)ldl);
    if (info < 0)
        return mfli_fail(context, MFL_ERROR_INTERNAL, "dpotri refused argument %d", -(int)info);
    return info ? mfli_fail(context, MFL_ERROR_NOT_POSITIVE_DEFINITE,
                            "a Cholesky factor of order %lld is singular at row %d", (long long)n,
                            (int)info - 1)
                : MFL_OK;
}

double mfli_log_det(int64_t n, const double *l, int64_t ldl)
{
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++)
        sum += log(l[i * ldl + i]);
    return 2.0 * sum;
}

int32_t mfli_trsm(mfl_context *context, int32_t side, int32_t op, int64_t m, int64_t n,
                  const double *l, int64_t ldl, double *b, int64_t ldb)
{
    int64_t order = side == MFLI_RIGHT ? n : m;
    int32_t status = fits(context, "trsm: L", order, order, ldl);
    if (!status)
        status = fits(context, "trsm: B", m, n, ldb);
    if (!status && m && n)
        cblas_dtrsm(CblasRowMajor, side == MFLI_RIGHT ? CblasRight : CblasLeft, CblasLower,
                    cblas_op(op), CblasNonUnit, (int)m, (int)n, 1.0, l, (int)ldl, b, (int)ldb);
    return status;
}

static int32_t eigen(mfl_context *context, int64_t n, double *a, int64_t lda, double *values,
                     double *work, int64_t work_size, lapack_int *integers, int64_t integers_size)
{
    lapack_int info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', lower_for_lapack, (lapack_int)n, a,
                                          (lapack_int)lda, values, work, (lapack_int)work_size,
                                          integers, (lapack_int)integers_size);
    if (info < 0)
        return mfli_fail(context, MFL_ERROR_INTERNAL, "dsyevd refused argument %d", -(int)info);
    if (info > 0)
        return mfli_fail(context, MFL_ERROR_TOLERANCE,
                         "the eigenvalues of a matrix of order %lld did not converge",
                         (long long)n);
    return MFL_OK;
}

int32_t mfli_syevd(mfl_context *context, int64_t n, double *a, int64_t lda, double *values)
{
    int32_t status = fits(context, "syevd: A", n, n, lda);
    if (status || !n)
        return status;
    /* What dsyevd documents as sufficient for JOBZ = 'V'. */
    int64_t work_size = 1 + 6 * n + 2 * n * n, integers_size = 3 + 5 * n;
    if (work_size > INT_MAX)
        return mfli_fail(context, MFL_ERROR_SIZE,
                         "eigenvectors of a matrix of order %lld need a workspace beyond the "
                         "32-bit sizes of LAPACK; "
                         "the largest order is 32766",
                         (long long)n);
    status = is_finite_lower(context, n, a, lda);
    if (status)
        return status;
    double *work = mfli_alloc(context, (size_t)work_size, sizeof *work);
    lapack_int *integers =
        work ? mfli_alloc(context, (size_t)integers_size, sizeof *integers) : NULL;
    status = integers ? eigen(context, n, a, lda, values, work, work_size, integers, integers_size)
                      : MFL_ERROR_MEMORY;
    mfli_free(context, integers);
    mfli_free(context, work);
    return status;
}
