/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks of test_kernels.c for one precision: REAL, R(name) = name_f32 or name_f64, EPSILON. */

typedef struct R(fixture) {
    const R(mfli_ops) * ops;
    R(mfli_net) net;
    size_t padded;
    double *x, *w, *a, *y, *f; /* as the kernels see them: rounded to REAL */
    void *workspace, *scratch;
    REAL *inputs;
    uint8_t *patterns;
    long double *z; /* exact preactivations, N x P, and the bounds of the kernels' errors */
    double *bound;
} R(fixture);

static double *R(rounded_normals)(uint64_t row0, size_t rows, size_t cols, size_t ld, double scale)
{
    const mfli_stream stream = {42, 0, 0, MFLI_PURPOSE_USER};
    double *out = allocate(rows * ld * sizeof *out);
    mfli_normal_matrix(&stream, row0, rows, cols, out, ld);
    for (size_t i = 0; i < rows * ld; i++)
        out[i] = i % ld < cols ? (double)(REAL)(out[i] * scale) : NAN;
    return out;
}

/* z and the bound of its error, (d + 2) eps sum |w x|. */
static void R(preactivations)(R(fixture) * t)
{
    const mfli_shape s = t->net.shape;
    t->z = allocate(s.neurons * s.samples * sizeof *t->z);
    t->bound = allocate(s.neurons * s.samples * sizeof *t->bound);
    for (size_t k = 0; k < s.neurons * s.samples; k++) {
        const double *w = t->w + k / s.samples * (s.inputs + 1);
        const double *x = t->x + k % s.samples * (s.inputs + 1);
        long double z = 0, size = 0;
        for (size_t j = 0; j < s.inputs; j++) {
            z += (long double)w[j] * x[j];
            size += fabsl((long double)w[j] * x[j]);
        }
        t->z[k] = z;
        t->bound[k] = (double)(size * EPSILON * (s.inputs + 2));
    }
}

/* Leading dimensions are one more than the columns, with NaN between the rows. */
static R(fixture) R(setup_inputs)(const R(mfli_ops) * ops, mfli_shape shape, int32_t activation, int signs)
{
    const size_t d = shape.inputs;
    R(fixture) t = {.ops = ops, .padded = mfli_round_up(shape.neurons, ops->width)};
    t.x = R(rounded_normals)(0, shape.samples, d, d + 1, 1);
    for (size_t k = 0; k < shape.samples * (d + 1) && signs; k++)
        t.x[k] = copysign(1, t.x[k]);
    t.w = R(rounded_normals)(100000, shape.neurons, d, d + 1, 1 / sqrt((double)d));
    t.a = R(rounded_normals)(200000, shape.neurons, 1, 1, 1);
    t.y = R(rounded_normals)(300000, shape.samples, 1, 1, 1);
    t.f = allocate(shape.samples * sizeof *t.f);
    t.inputs = allocate(mfli_inputs_length(shape.samples, d) * sizeof(REAL));
    t.patterns = allocate(mfli_round_up(shape.samples, MFLI_SAMPLE_GROUP) * mfli_patterns(d));
    ck_assert_int_eq(mfli_pack_patterns(shape.samples, d, t.x, d + 1, t.patterns), signs);
    t.workspace = allocate(ops->workspace_size(&shape));
    t.scratch = allocate(ops->scratch_size(&shape));
    t.net = (R(mfli_net)){.shape = shape,
                          .activation = {activation, 0.125, softsign, &softsign_calls},
                          .scale = 1 / sqrt((double)shape.neurons),
                          .weights = allocate(t.padded * d * sizeof(REAL)),
                          .readout = allocate(t.padded * sizeof(REAL)),
                          .inputs = t.inputs,
                          .patterns = signs ? t.patterns : NULL};
    ops->pack(shape.neurons, d, t.w, d + 1, t.a, t.net.weights, t.net.readout);
    ops->pack_inputs(shape.samples, d, t.x, d + 1, t.inputs);
    ops->bind(&t.net, t.workspace);
    R(preactivations)(&t);
    return t;
}

static R(fixture) R(setup)(const R(mfli_ops) * ops, mfli_shape shape, int32_t activation)
{
    return R(setup_inputs)(ops, shape, activation, 0);
}

static void R(teardown)(R(fixture) * t)
{
    void *memory[] = {t->x, t->w, t->a, t->y, t->f, t->inputs, t->workspace, t->scratch,
                      t->net.weights, t->net.readout, t->z, t->bound, t->patterns};
    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++)
        free(memory[i]);
}

/* Errors of phi and phi' are those of z times the slope (at most 2 + |z| for our functions, and
 * |phi''| likewise), and 8 eps of its own; sums over n terms add n eps of the absolute sum. A ReLU
 * whose z is within its bound of 0 may take either slope. */
static void R(check_forward)(R(fixture) * t)
{
    const mfli_shape s = t->net.shape;
    ck_assert_int_eq(t->ops->forward(&t->net, 0, mfli_blocks(s.neurons), t->scratch), 0);
    t->ops->predict(&t->net, t->f);
    for (size_t mu = 0; mu < s.samples; mu++) {
        long double f = 0, tolerance = 0;
        for (size_t i = 0; i < s.neurons; i++) {
            const double bound = t->bound[i * s.samples + mu];
            const long double z = t->z[i * s.samples + mu];
            const long double phi = reference_phi(&t->net.activation, z);
            f += t->a[i] * phi;
            tolerance += fabs(t->a[i])
                * (bound * (2 + fabsl(z)) + EPSILON * (s.neurons + 8) * (fabsl(phi) + 1e-3L));
        }
        ck_assert_msg(fabsl(t->f[mu] - t->net.scale * f) <= t->net.scale * tolerance,
                      "f[%zu] = %.17g, not %.17Lg +- %.3Lg", mu, t->f[mu], t->net.scale * f,
                      t->net.scale * tolerance);
    }
}

static void R(check_gradient)(R(fixture) * t)
{
    const mfli_shape s = t->net.shape;
    const size_t d = s.inputs;
    double *g = allocate(s.neurons * d * sizeof *g), *h = allocate(s.neurons * sizeof *h);
    const double squares = t->ops->residual(&t->net, t->y, t->f);
    long double expected_squares = 0;
    for (size_t mu = 0; mu < s.samples; mu++)
        expected_squares += (t->y[mu] - (long double)t->f[mu]) * (t->y[mu] - (long double)t->f[mu]);
    ck_assert(fabsl(squares - expected_squares) <= 1e-13L * expected_squares);
    ck_assert_int_eq(t->ops->gradient(&t->net, 0, t->padded / t->ops->width, t->scratch), 0);
    t->ops->unpack(s.neurons, d, t->net.gradient, t->net.features, g, d, h);
    for (size_t i = 0; i < s.neurons; i++) {
        long double hi = 0, h_tolerance = 0;
        for (size_t j = 0; j < d; j++) {
            long double gij = 0, tolerance = 0;
            for (size_t mu = 0; mu < s.samples; mu++) {
                const double bound = t->bound[i * s.samples + mu];
                const long double z = t->z[i * s.samples + mu];
                const long double r = (REAL)(t->y[mu] - t->f[mu]), x = t->x[mu * (d + 1) + j];
                const long double slope = reference_slope(&t->net.activation, z);
                const long double phi = reference_phi(&t->net.activation, z);
                const long double kink = fabsl(z) <= bound ? 1 : 0;
                gij += r * slope * x;
                tolerance += fabsl(r * x)
                    * (kink + bound * (2 + fabsl(z)) + EPSILON * (s.samples + 12) * (fabsl(slope) + 1));
                if (j == 0) {
                    hi += r * phi;
                    h_tolerance += fabsl(r)
                        * (bound * (3 + fabsl(z)) + EPSILON * (s.samples + d + 12) * (fabsl(z) + 1));
                }
            }
            ck_assert_msg(fabsl(g[i * d + j] - gij) <= tolerance,
                          "G[%zu][%zu] = %.17g, not %.17Lg +- %.3Lg", i, j, g[i * d + j], gij,
                          tolerance);
            h_tolerance += is_homogeneous(t->net.activation.kind)
                ? fabsl(t->w[i * (d + 1) + j]) * tolerance
                : 0;
        }
        ck_assert_msg(fabsl(h[i] - hi) <= h_tolerance, "h[%zu] = %.17g, not %.17Lg +- %.3Lg", i,
                      h[i], hi, h_tolerance);
    }
    free(g);
    free(h);
}

/* The step against its formula with the normals of the scalar path of the stream. */
static void R(check_update)(R(fixture) * t)
{
    const mfli_shape s = t->net.shape;
    const size_t d = s.inputs, width = t->ops->width;
    const mfli_stream stream = {7, 11, 3, MFLI_PURPOSE_LANGEVIN};
    const mfli_langevin c = {0.01, 0.02, 0.1, 0.3, 1.5, (double)d, 0.75};
    double *g = allocate(s.neurons * d * sizeof *g), *h = allocate(s.neurons * sizeof *h);
    double *w = allocate(s.neurons * d * sizeof *w), *a = allocate(s.neurons * sizeof *a);
    double *xi = R(normal_matrix)(&stream, s.neurons, d + 1);
    mfli_squares squares;
    long double w2 = 0, a2 = 0;
    t->ops->unpack(s.neurons, d, t->net.gradient, t->net.features, g, d, h);
    t->ops->update(&t->net, &c, &stream, 0, t->padded / width, t->scratch);
    t->ops->squares(&t->net, &squares);
    t->ops->unpack(s.neurons, d, t->net.weights, t->net.readout, w, d, a);
    for (size_t i = 0; i < s.neurons; i++) {
        for (size_t j = 0; j < d; j++) {
            const double old = t->w[i * (d + 1) + j], drive = c.likelihood * t->a[i] * g[i * d + j];
            const double noise = c.noise_w * xi[i * (d + 1) + j];
            const double expected = old + c.step_w * (drive - c.precision_w * old) + noise;
            const double size =
                fabs(old) * (1 + c.step_w * c.precision_w) + fabs(c.step_w * drive) + fabs(noise);
            ck_assert(fabs(w[i * d + j] - expected) <= 6 * EPSILON * size);
            w2 += (long double)old * old;
        }
        const double old = t->a[i], drive = c.likelihood * h[i], noise = c.noise_a * xi[i * (d + 1) + d];
        const double expected = old + c.step_a * (drive - c.precision_a * old) + noise;
        ck_assert(fabs(a[i] - expected)
                  <= 6 * EPSILON * (fabs(old) + fabs(c.step_a * drive) + fabs(noise)));
        a2 += (long double)old * old;
    }
    ck_assert(fabsl(squares.weights - w2) <= 1e-13L * w2);
    ck_assert(fabsl(squares.readout - a2) <= 1e-13L * a2);
    for (size_t i = s.neurons; i < t->padded; i++) {
        ck_assert(t->net.readout[i] == 0);
        for (size_t j = 0; j < d; j++)
            ck_assert(t->net.weights[(i / width * d + j) * width + i % width] == 0);
    }
    free(g);
    free(h);
    free(w);
    free(a);
    free(xi);
}

static void R(check_table)(const R(mfli_ops) * ops, int32_t activation)
{
    for (size_t i = 0; i < 2 * SHAPES; i++) {
        R(fixture) t = R(setup_inputs)(ops, shapes[i / 2], activation, i % 2);
        R(check_forward)(&t);
        R(check_gradient)(&t);
        R(check_update)(&t);
        R(teardown)(&t);
    }
}

/* Any division into blocks and panels, in any order, gives the bits of the whole. */
static void R(check_division)(const R(mfli_ops) * ops, int32_t activation)
{
    const mfli_shape s = {300, 7, 130};
    const mfli_stream stream = {7, 11, 3, MFLI_PURPOSE_LANGEVIN};
    const mfli_langevin c = {0.01, 0.02, 0.1, 0.3, 1.5, 7, 0.75};
    R(fixture) whole = R(setup)(ops, s, activation), parts = R(setup)(ops, s, activation);
    mfli_squares one, two;
    const size_t panels = whole.padded / ops->width;
    ops->forward(&whole.net, 0, mfli_blocks(s.neurons), whole.scratch);
    one.residual = ops->residual(&whole.net, whole.y, whole.f);
    ops->gradient(&whole.net, 0, panels, whole.scratch);
    ops->update(&whole.net, &c, &stream, 0, panels, whole.scratch);
    ops->squares(&whole.net, &one);
    for (size_t block = mfli_blocks(s.neurons); block-- > 0;)
        ops->forward(&parts.net, block, block + 1, parts.scratch);
    two.residual = ops->residual(&parts.net, parts.y, parts.f);
    for (size_t panel = panels; panel-- > 0;)
        ops->gradient(&parts.net, panel, panel + 1, parts.scratch);
    for (size_t panel = panels; panel-- > 0;)
        ops->update(&parts.net, &c, &stream, panel, panel + 1, parts.scratch);
    ops->squares(&parts.net, &two);
    ck_assert(memcmp(whole.f, parts.f, s.samples * sizeof *whole.f) == 0);
    ck_assert(memcmp(whole.net.weights, parts.net.weights, whole.padded * s.inputs * sizeof(REAL))
              == 0);
    ck_assert(memcmp(whole.net.readout, parts.net.readout, whole.padded * sizeof(REAL)) == 0);
    ck_assert(one.residual == two.residual && one.weights == two.weights
              && one.readout == two.readout);
    R(teardown)(&whole);
    R(teardown)(&parts);
}

/* NaN in one weight reaches the predictions, whatever its sign. */
static void R(check_nan)(const R(mfli_ops) * ops, int32_t activation)
{
    R(fixture) t = R(setup)(ops, shapes[SHAPES - 1], activation);
    for (int negative = 0; negative < 2; negative++) {
        t.net.weights[0] = (REAL)(negative ? -NAN : NAN);
        ops->forward(&t.net, 0, mfli_blocks(t.net.shape.neurons), t.scratch);
        ops->predict(&t.net, t.f);
        ck_assert(isnan(t.f[0]));
    }
    R(teardown)(&t);
}
