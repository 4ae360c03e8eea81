/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by bench_sampler.c once a precision, with REAL, R(name), GEMM, GEMV, SQRT, LOG, COS and SIN: a full-batch
 * Langevin step (T3) as one writes it by hand in C with a BLAS: ReLU, sigma = kappa = 1, gamma = 1/2. */

typedef struct R(plain) {
    size_t n, d, p;
    REAL *x, *y, *w, *a, *z, *weighed, *f, *gradient, *readout_gradient, *noise;
    uint64_t state;
} R(plain);

/* Standard normals by the Box-Muller transform of a xorshift generator. */
static void R(normals)(R(plain) *net, size_t count, REAL *out)
{
    for (size_t i = 0; i < count; i += 2) {
        uint32_t bits[2];
        for (int k = 0; k < 2; k++) {
            net->state ^= net->state << 13;
            net->state ^= net->state >> 7;
            net->state ^= net->state << 17;
            bits[k] = (uint32_t)(net->state >> 32);
        }
        const REAL radius = SQRT(-2 * LOG(((REAL)(bits[0] >> 8) + (REAL)0.5) * (REAL)0x1p-24));
        const REAL angle = (REAL)(bits[1] >> 8) * (REAL)(6.283185307179586 * 0x1p-24);
        out[i] = radius * COS(angle);
        if (i + 1 < count)
            out[i + 1] = radius * SIN(angle);
    }
}

static void R(plain_step)(R(plain) *net, REAL step)
{
    const size_t n = net->n, d = net->d, p = net->p;
    const int rows = (int)p, width = (int)n, inputs = (int)d;
    const REAL scale = 1 / SQRT((REAL)n), noise = SQRT(2 * step);
    GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, rows, width, inputs, 1, net->x, inputs, net->w, inputs, 0, net->z,
         width);
    for (size_t i = 0; i < p * n; i++)
        net->z[i] = net->z[i] > 0 ? net->z[i] : 0;
    GEMV(CblasRowMajor, CblasNoTrans, rows, width, scale, net->z, width, net->a, 1, 0, net->f, 1);
    for (size_t mu = 0; mu < p; mu++)
        net->f[mu] = (net->y[mu] - net->f[mu]) * scale;
    GEMV(CblasRowMajor, CblasTrans, rows, width, 1, net->z, width, net->f, 1, 0, net->readout_gradient, 1);
    for (size_t i = 0; i < p * n; i++)
        net->z[i] = net->z[i] > 0 ? 1 : 0;
    for (size_t mu = 0; mu < p; mu++)
        for (size_t j = 0; j < d; j++)
            net->weighed[mu * d + j] = net->f[mu] * net->x[mu * d + j];
    GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, width, inputs, rows, 1, net->z, width, net->weighed, inputs, 0,
         net->gradient, inputs);
    R(normals)(net, n * d, net->noise);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i * d; j < (i + 1) * d; j++)
            net->w[j] += step * (net->a[i] * net->gradient[j] - (REAL)d * net->w[j]) + noise * net->noise[j];
    R(normals)(net, n, net->noise);
    for (size_t i = 0; i < n; i++)
        net->a[i] += step * (net->readout_gradient[i] - net->a[i]) + noise * net->noise[i];
}

static R(plain) R(plain_create)(size_t n, size_t d, size_t p)
{
    R(plain) net = {n, d, p, .state = 88172645463325252u};
    net.x = measure_allocate(p * d, sizeof(REAL));
    net.y = measure_allocate(p, sizeof(REAL));
    net.w = measure_allocate(n * d, sizeof(REAL));
    net.a = measure_allocate(n, sizeof(REAL));
    net.z = measure_allocate(p * n, sizeof(REAL));
    net.weighed = measure_allocate(p * d, sizeof(REAL));
    net.f = measure_allocate(p, sizeof(REAL));
    net.gradient = measure_allocate(n * d, sizeof(REAL));
    net.readout_gradient = measure_allocate(n, sizeof(REAL));
    net.noise = measure_allocate(n * d, sizeof(REAL));
    R(normals)(&net, p * d, net.x);
    R(normals)(&net, n * d, net.w);
    R(normals)(&net, n, net.a);
    for (size_t i = 0; i < n * d; i++)
        net.w[i] /= SQRT((REAL)d);
    for (size_t mu = 0; mu < p; mu++)
        net.y[mu] = d > 1 ? net.x[mu * d] * net.x[mu * d + 1] : net.x[mu];
    return net;
}

static void R(plain_destroy)(R(plain) *net)
{
    REAL *arrays[] = {net->x, net->y, net->w,        net->a,                net->z, net->weighed,
                      net->f, net->gradient, net->readout_gradient, net->noise};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]);
}

/* Seconds a step on that clock. */
static double R(plain_time)(R(plain) *net, int steps, double (*now)(void))
{
    const double start = now();
    for (int i = 0; i < steps; i++)
        R(plain_step)(net, (REAL)1e-6);
    return (now() - start) / steps;
}
