/* SPDX-License-Identifier: BSD-3-Clause */
#include "network.h"

/* Moves one vector, x <- x (1 - step precision) + drive + noise xi. */
INLINE void move(real *x, v_real drive, const real *xi, real keep, real noise)
{
    store(x, load(x) * keep + (drive + load(xi) * noise));
}

static void zero_padding(const net_t *net, size_t panel)
{
    const size_t inputs = net->shape.inputs, used = net->shape.neurons - panel * WIDTH;
    for (size_t i = used; i < WIDTH; i++) {
        for (size_t j = 0; j < inputs; j++)
            net->weights[(panel * inputs + j) * WIDTH + i] = 0;
        net->readout[panel * WIDTH + i] = 0;
    }
}

/* In double whatever the precision: differences of U decide acceptances. */
static double sum_of_squares(const real *x, size_t count)
{
    double sum[WIDTH] = {0}, total = 0;
    for (size_t k = 0; k < count; k += WIDTH)
        for (size_t i = 0; i < WIDTH; i++)
            sum[i] += (double)x[k + i] * (double)x[k + i];
    for (size_t i = 0; i < WIDTH; i++)
        total += sum[i];
    return total;
}

static void update_panel(const net_t *net, const mfli_langevin *langevin,
                         const mfli_stream *stream, size_t panel, real *noise)
{
    const mfli_normals *normals = &MFLI_CAT(mfli_normals, , MFLI_ISA);
    const size_t inputs = net->shape.inputs;
    real *w = net->weights + panel * inputs * WIDTH, *a = net->readout + panel * WIDTH;
    const real *g = net->gradient + panel * inputs * WIDTH, *h = net->features + panel * WIDTH;
    const real keep_w = (real)(1.0 - langevin->step_w * langevin->precision_w);
    const real keep_a = (real)(1.0 - langevin->step_a * langevin->precision_a);
    const real drive_w = (real)(langevin->step_w * langevin->likelihood);
    const real drive_a = (real)(langevin->step_a * langevin->likelihood);
    const real noise_w = (real)langevin->noise_w, noise_a = (real)langevin->noise_a;
    const v_real a0 = load(a) * drive_w, a1 = load(a + LANES) * drive_w;
    for (size_t col0 = 0; col0 <= inputs; col0 += NOISE_COLUMNS) {
        const size_t col1 = col0 + NOISE_COLUMNS < inputs + 1 ? col0 + NOISE_COLUMNS : inputs + 1;
        normals->MFLI_TYPE(panel)(stream, panel * WIDTH, inputs + 1, col0, col1, noise);
        for (size_t j = col0; j < col1 && j < inputs; j++) {
            const real *xi = noise + (j - col0) * WIDTH;
            move(w + j * WIDTH, a0 * load(g + j * WIDTH), xi, keep_w, noise_w);
            move(w + j * WIDTH + LANES, a1 * load(g + j * WIDTH + LANES), xi + LANES, keep_w,
                 noise_w);
        }
    }
    const real *xi = noise + inputs % NOISE_COLUMNS * WIDTH;
    move(a, load(h) * drive_a, xi, keep_a, noise_a);
    move(a + LANES, load(h + LANES) * drive_a, xi + LANES, keep_a, noise_a);
}

void MFLI_NAME(mfli_update)(const net_t *net, const mfli_langevin *langevin,
                            const mfli_stream *stream, size_t panel0, size_t panel1, void *memory)
{
    const scratch_t scratch = MFLI_NAME(mfli_scratch)(&net->shape, memory);
    const size_t inputs = net->shape.inputs;
    for (size_t panel = panel0; panel < panel1; panel++) {
        double *squares = net->partial_squares + 2 * panel;
        squares[0] = sum_of_squares(net->weights + panel * inputs * WIDTH, inputs * WIDTH);
        squares[1] = sum_of_squares(net->readout + panel * WIDTH, WIDTH);
        update_panel(net, langevin, stream, panel, scratch.noise);
        if ((panel + 1) * WIDTH > net->shape.neurons)
            zero_padding(net, panel);
    }
}
