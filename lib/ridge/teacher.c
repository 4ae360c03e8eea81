/* SPDX-License-Identifier: BSD-3-Clause */
/* A parity is a harmonic polynomial of degree k, |x|^k times a spherical harmonic. The Hermite
 * polynomials of total degree q are sums, over l = q, q - 2, ..., of spherical harmonics of degree l
 * times R_l(|x|) = |x|^l L_j^(l + d/2 - 1)(|x|^2 / 2), j = (q - l) / 2; in that of u . x degree l has
 * the share m_l e_q(l), which is its share in (u . u')^q, since the map from symmetric tensors to
 * those polynomials is an isometry and commutes with rotations. */
#include "ridge/teacher.h"

#include <math.h>

#include "core/context.h"
#include "ridge/degrees.h"

int32_t mfli_teacher_check(mfl_context *context, const mfli_task *task, int64_t degrees)
{
    const int32_t hypercube = task->input_law == MFL_INPUT_HYPERCUBE;
    if (task->input_law == MFL_INPUT_CORRELATED
        || (task->kind != MFL_TASK_PARITY && (task->kind != MFL_TASK_HERMITE || hypercube)))
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "targets are known by degree for parities, and for Hermite teachers on "
                         "Gaussian inputs or the sphere; take mfl_spectrum_of_data");
    if (task->degree > 200)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the degree of the target is %lld; at most 200 is available",
                         (long long)task->degree);
    if (task->degree >= degrees)
        return mfli_fail(context, MFL_ERROR_ARGUMENT,
                         "degrees is %lld; a target of degree %lld needs at least %lld",
                         (long long)degrees, (long long)task->degree,
                         (long long)task->degree + 1);
    return MFL_OK;
}

/* L_j^(alpha)(x) */
static double laguerre(int64_t j, double alpha, double x)
{
    double before = 0.0, now = 1.0;
    for (int64_t k = 0; k < j; k++) {
        double next = ((2.0 * (double)k + 1.0 + alpha - x) * now - ((double)k + alpha) * before)
                      / ((double)k + 1.0);
        before = now;
        now = next;
    }
    return now;
}

/* R_l of mean square 1 under the law of |x|. */
static double radial(double d, int64_t l, int64_t j, double v)
{
    const double half = 0.5 * d, degree = (double)l;
    const double log_square = lgamma((double)j + 1.0) + lgamma(half) - degree * log(2.0)
                              - lgamma((double)j + degree + half) + degree * log(d);
    return exp(0.5 * log_square + degree * v)
           * laguerre(j, degree + half - 1.0, half * exp(2.0 * v));
}

double mfli_teacher_part(const mfli_task *task, int64_t l, double v)
{
    const int64_t q = task->degree, d = task->dimension;
    if (task->kind == MFL_TASK_PARITY) {
        const int32_t hypercube = task->input_law == MFL_INPUT_HYPERCUBE;
        return l != q ? 0.0 : hypercube ? 1.0 : radial((double)d, l, 0, v);
    }
    if (l > q || (q - l) % 2)
        return 0.0;
    double share = mfli_harmonics(d, l) * mfli_cosine_first(d, l);
    for (int64_t i = l; i < q; i += 2)
        share *= mfli_cosine_step(d, l, i);
    return sqrt(share) * radial((double)d, l, (q - l) / 2, v);
}
