/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/average.h"

#include <math.h>

#include "core/context.h"
#include "network/projection.h"
#include "theory/quadrature.h"

static const double pi = 3.14159265358979323846;

static double density(double t)
{
    return exp(-0.5 * t * t) / sqrt(2.0 * pi);
}

static double distribution(double t)
{
    return 0.5 * erfc(-t * sqrt(0.5));
}

/* ---- squares in closed form ---- */

/* Owen's T(h, a) for 0 <= a <= 1, by Gauss-Legendre: the integrand has its poles at +-i. */
static double owen(double h, double a)
{
    enum { half = 8 };
    static const double node[half] = {0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863,
                                      0.6178762444026437484, 0.7554044083550030339, 0.8656312023878317439,
                                      0.9445750230732325761, 0.9894009349916499326};
    static const double weight[half] = {0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382,
                                        0.1495959888165767321, 0.1246289712555338720, 0.0951585116824927848,
                                        0.0622535239386478929, 0.0271524594117540949};
    double sum = 0.0, middle = 0.5 * a, square = 0.5 * h * h;
    for (int32_t i = 0; i < half; i++) {
        double x = middle * (1.0 + node[i]), y = middle * (1.0 - node[i]);
        sum += weight[i] * (exp(-square * (1.0 + x * x)) / (1.0 + x * x) +
                            exp(-square * (1.0 + y * y)) / (1.0 + y * y));
    }
    return middle * sum / (2.0 * pi);
}

/* E of the products of normal densities and distributions by Stein's lemma, E[x g] = mu E[g] + v E[g']; the mean of
 * Phi(x)^2 is a bivariate normal probability with equal limits. */
static double gelu_square(double mu, double v)
{
    double once = 1.0 + v, twice = 1.0 + 2.0 * v, h = mu / sqrt(once);
    double both = distribution(h) - 2.0 * owen(h, 1.0 / sqrt(twice));
    double mixed = density(h) / sqrt(once) * distribution(mu / sqrt(once * twice));
    double dense = exp(-mu * mu / twice) / (2.0 * pi * sqrt(twice));
    return (mu * mu + v) * both + 2.0 * v * (mu * mixed + (mu * mixed + v * dense) / once);
}

static double relu_square(double mu, double sd)
{
    if (sd == 0.0)
        return mu > 0.0 ? mu * mu : 0.0;
    double t = mu / sd;
    return sd * sd * ((1.0 + t * t) * distribution(t) + t * density(t));
}

/* Returns 0 where there is no closed form. */
static int32_t closed_square(const mfli_model *model, double mu, double v, double *square)
{
    double leak = model->leak, power = mu * mu + v;
    switch (model->activation) {
    case MFL_ACTIVATION_RELU:
        *square = relu_square(mu, sqrt(v));
        return 1;
    case MFL_ACTIVATION_LEAKY:
        *square = leak * leak * power + (1.0 - leak * leak) * relu_square(mu, sqrt(v));
        return 1;
    case MFL_ACTIVATION_LINEAR:
        *square = power;
        return 1;
    case MFL_ACTIVATION_QUADRATIC:
        *square = power * power + 2.0 * v * (2.0 * mu * mu + v);
        return 1;
    case MFL_ACTIVATION_ERF: /* erf(x) = 2 Phi(sqrt(2) x) - 1 */
        *square = 1.0 - 8.0 * owen(mu * sqrt(2.0 / (1.0 + 2.0 * v)), 1.0 / sqrt(1.0 + 4.0 * v));
        return 1;
    case MFL_ACTIVATION_GELU:
        *square = gelu_square(mu, v);
        return 1;
    default:
        return 0;
    }
}

/* ---- sums over z ---- */

enum { batch = 15, most_panels = 256 };

/* A rule's points with their Gaussian weights, and of a caller's also the weights of the embedded rule. */
typedef struct sums {
    int32_t count; /* of modes */
    double *mode, square, coarse, fine, scale;
} sums;

/* |z| up to here: exp(-z^2/2) he_q(z) is then below 1e-17. */
static double reach(const sums *of)
{
    return 8.9 + 0.2 * (of->count - 1);
}

static void add(sums *to, double z, double phi, double weight, double embedded)
{
    double before = 0.0, he = 1.0;
    to->square += weight * phi * phi;
    to->fine += weight * phi;
    to->coarse += embedded * phi;
    for (int32_t q = 0; q < to->count; q++) {
        to->mode[q] += weight * phi * he;
        double next = (z * he - sqrt((double)q) * before) / sqrt(q + 1.0);
        before = he;
        he = next;
    }
}

/* The trapezoidal rule converges like exp(-2 pi a/h), with a the distance of the nearest singularity, pi/(2 s) for
 * tanh(mu + s z), and like exp(-2 pi^2/h^2) by the Gaussian. */
static void add_lattice(double mu, double s, sums *to)
{
    double step = fmin(0.36, 0.28 / s);
    int32_t half = (int32_t)(reach(to) / step) + 1;
    for (int32_t i = -half; i <= half; i++) {
        double z = i * step, x = mu + s * z;
        add(to, z, tanh(x), step * density(z), 0.0);
    }
}

/* Kronrod's 15 points with Gauss's 7. */
static const double kronrod_node[8] = {0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
                                       0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
                                       0.586087235467691130294144171691646, 0.405845151377397166906606412076961,
                                       0.207784955007898467600689403773245, 0.0};
static const double kronrod_weight[8] = {0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
                                         0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
                                         0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
                                         0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
static const double gauss_weight[8] = {0.0, 0.129484966168869693270611432679082, 0.0,
                                       0.279705391489276667901467771423780, 0.0, 0.381830050505118944950369775488975,
                                       0.0, 0.417959183673469387755102040816327};

static int32_t add_panel(mfl_context *context, const mfli_model *model, double mu, double s, double low, double width,
                         sums *to)
{
    double z[batch], x[batch], phi[batch], slope[batch];
    for (int32_t i = 0; i < batch; i++) {
        double node = i < 8 ? -kronrod_node[i] : kronrod_node[14 - i];
        z[i] = low + 0.5 * width * (1.0 + node);
        x[i] = mu + s * z[i];
    }
    if (model->phi(batch, x, phi, slope, model->phi_data))
        return mfli_fail(context, MFL_ERROR_CALLBACK, "the model's activation function refused");
    for (int32_t i = 0; i < batch; i++) {
        int32_t at = i < 8 ? i : 14 - i;
        double p = 0.5 * width * density(z[i]);
        if (!isfinite(phi[i]))
            return mfli_fail(context, MFL_ERROR_NOT_FINITE,
                             "the model's activation function is %g at %.17g; it must be finite", phi[i], x[i]);
        to->scale = fmax(to->scale, fabs(phi[i]));
        add(to, z[i], phi[i], p * kronrod_weight[at], p * gauss_weight[at]);
    }
    return MFL_OK;
}

static int32_t add_callers(mfl_context *context, mfli_average *average, double mu, double s, sums *to)
{
    double end = reach(to), split = s > 0.0 && fabs(mu) < end * s ? -mu / s : -end, change = 0.0;
    for (int32_t side = 0; side < 2; side++) {
        double low = side ? split : -end, length = side ? end - split : split + end;
        int32_t panels = (int32_t)fmin(ceil(0.5 * length * fmax(1.0, s)), most_panels);
        for (int32_t i = 0; i < panels; i++) {
            to->fine = to->coarse = 0.0;
            int32_t status = add_panel(context, average->model, mu, s, low + i * length / panels, length / panels, to);
            if (status != MFL_OK)
                return status;
            change += fabs(to->fine - to->coarse);
        }
    }
    /* the 15 points are about twice as many digits as the 7 */
    if (to->scale > 0.0)
        average->error = fmax(average->error, fmin(1.0, pow(200.0 * change / to->scale, 1.5)));
    return MFL_OK;
}

static int32_t sum_over(mfl_context *context, mfli_average *average, double mu, double s, sums *to)
{
    if (average->model->activation == MFL_ACTIVATION_CALLER)
        return add_callers(context, average, mu, s, to);
    add_lattice(mu, s, to);
    return MFL_OK;
}

int32_t mfli_average_at(mfl_context *context, mfli_average *average, double mu, double variance, double *mean,
                        double *square)
{
    if (closed_square(average->model, mu, variance, square))
        return mfli_gaussian_mean(average->model, mu, variance, mean);
    sums sum = {.count = 1, .mode = mean};
    *mean = 0.0;
    int32_t status = sum_over(context, average, mu, sqrt(variance), &sum);
    *square = sum.square;
    return status;
}

/* phi(z) = odd z + even |z|; E|mu + z| he_q(z) is 2 He_{q-2}(-mu) density/sqrt(q!) from q = 2 on. */
static void homogeneous_shifted(double odd, double even, double mu, double s, int32_t count, double *mode)
{
    double t = s > 0.0 ? mu / s : 0.0, dense = density(t), before = 0.0, now = sqrt(2.0) * dense;
    for (int32_t q = 0; q < count; q++)
        mode[q] = 0.0;
    mode[0] = odd * mu + even * (s > 0.0 ? mu * erf(t * sqrt(0.5)) + 2.0 * s * dense : fabs(mu));
    if (count > 1)
        mode[1] = s * (odd + even * erf(t * sqrt(0.5)));
    for (int32_t q = 2; q < count && s > 0.0; q++) {
        double next = (-t * now - (q - 2.0) / sqrt((double)q) * before) / sqrt(q + 1.0);
        mode[q] = even * s * now;
        before = now;
        now = next;
    }
}

/* For functions of Gaussians E phi(mu + s z) he_q(z) is s^q/sqrt(q!) times the q-th derivative of the mean in mu (Stein's
 * lemma). With h = mu/c and the normal density n(h), derivatives of the mean are, from the first on,
 *     erf, c^2 = 1/2 + s^2:  2 c^-q (-1)^(q - 1) He_{q-1}(h) n(h),
 *     GELU, c^2 = 1 + s^2:   Phi(h) + h n(h)/c^2,  then  c^(1 - q) (-1)^q (He_{q-2}(h) - He_q(h)/c^2) n(h). */
static void smooth_shifted(int32_t gelu, double mu, double s, int32_t count, double *mode)
{
    double c = sqrt((gelu ? 1.0 : 0.5) + s * s), h = mu / c, dense = density(h), scale = 1.0, he[3] = {1.0, 0.0, 0.0};
    for (int32_t q = 0; q < count; q++) { /* he: of degree q, q - 1, q - 2 at h */
        if (!gelu)
            mode[q] = q ? 2.0 * scale * (q % 2 ? 1.0 : -1.0) * he[1] * dense / sqrt((double)q) : erf(mu / (c * sqrt(2.0)));
        else if (q == 0)
            mode[q] = mu * distribution(h) + s * s / c * dense;
        else if (q == 1)
            mode[q] = s * (distribution(h) + h * dense / (c * c));
        else
            mode[q] = c * scale * (q % 2 ? -1.0 : 1.0) * dense * (he[2] / sqrt(q * (q - 1.0)) - he[0] / (c * c));
        double next = (h * he[0] - sqrt((double)q) * he[1]) / sqrt(q + 1.0);
        he[2] = he[1];
        he[1] = he[0];
        he[0] = next;
        scale *= s / c;
    }
}

static void quadratic_shifted(double mu, double s, int32_t count, double *mode)
{
    const double value[] = {mu * mu + s * s, 2.0 * mu * s, sqrt(2.0) * s * s};
    for (int32_t q = 0; q < count; q++)
        mode[q] = q < 3 ? value[q] : 0.0;
}

int32_t mfli_average_shifted(mfl_context *context, mfli_average *average, double mu, double variance, int32_t count,
                             double *mode)
{
    double s = sqrt(variance), leak = average->model->activation == MFL_ACTIVATION_LEAKY ? average->model->leak : 0.0;
    sums sum = {.count = count, .mode = mode};
    switch (average->model->activation) {
    case MFL_ACTIVATION_RELU:
    case MFL_ACTIVATION_LEAKY:
        homogeneous_shifted(0.5 * (1.0 + leak), 0.5 * (1.0 - leak), mu, s, count, mode);
        return MFL_OK;
    case MFL_ACTIVATION_LINEAR:
        homogeneous_shifted(1.0, 0.0, mu, s, count, mode);
        return MFL_OK;
    case MFL_ACTIVATION_ERF:
    case MFL_ACTIVATION_GELU:
        smooth_shifted(average->model->activation == MFL_ACTIVATION_GELU, mu, s, count, mode);
        return MFL_OK;
    case MFL_ACTIVATION_QUADRATIC:
        quadratic_shifted(mu, s, count, mode);
        return MFL_OK;
    default:
        for (int32_t q = 0; q < count; q++)
            mode[q] = 0.0;
        return sum_over(context, average, mu, s, &sum);
    }
}

int32_t mfli_average_modes(mfl_context *context, mfli_average *average, double s, int32_t count, double *mode,
                           double *square)
{
    sums sum = {.count = count, .mode = mode};
    if (closed_square(average->model, 0.0, s * s, square))
        return mfli_average_shifted(context, average, 0.0, s * s, count, mode);
    for (int32_t q = 0; q < count; q++)
        mode[q] = 0.0;
    int32_t status = sum_over(context, average, 0.0, s, &sum);
    *square = sum.square;
    return status;
}
