/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by kernels.h once a precision: MFLI_REAL and MFLI_R(name) = name_f32 or name_f64. */

/* A network bound to a batch of inputs. The caller fills in the first part; bind() the second. */
typedef struct MFLI_R(mfli_net) {
    mfli_shape shape;
    mfli_activation activation;
    double scale;                      /* N^-gamma */
    MFLI_REAL *weights, *readout;      /* packed state */
    const MFLI_REAL *inputs;           /* packed */
    const uint8_t *patterns;           /* of the inputs, or NULL */

    MFLI_REAL *gradient;               /* G_ij = sum_mu r_mu phi'(z_i,mu) x_mu,j, without a_i */
    MFLI_REAL *features;               /* h_i = sum_mu r_mu phi(z_i,mu) */
    MFLI_REAL *residual;               /* r, padded to whole groups */
    double *partial_f;                 /* [block][samples padded to whole groups] */
    double *partial_squares;           /* [panel][2] */
    MFLI_REAL *sums;                   /* of rectifiers' gradients, some columns at a time */
    void *signs;                       /* of z for ReLU and leaky, one bit a neuron and sample */
} MFLI_R(mfli_net);

typedef struct MFLI_R(mfli_ops) {
    size_t width; /* neurons a panel; packed readouts have mfli_round_up(N, width) elements */

    /* Row-major double W (N x d, leading dimension ldw) and a (N) to packed arrays and back.
     * unpack() takes gradient and features as well. */
    void (*pack)(size_t neurons, size_t inputs, const double *w, size_t ldw, const double *a,
                 MFLI_REAL *weights, MFLI_REAL *readout);
    void (*unpack)(size_t neurons, size_t inputs, const MFLI_REAL *weights,
                   const MFLI_REAL *readout, double *w, size_t ldw, double *a);
    /* Row-major double X (P x d) to packed inputs, mfli_inputs_length(P, d) elements. */
    void (*pack_inputs)(size_t samples, size_t inputs, const double *x, size_t ldx,
                        MFLI_REAL *packed);

    /* Bytes of the shared workspace and of each thread's scratch. */
    size_t (*workspace_size)(const mfli_shape *shape);
    size_t (*scratch_size)(const mfli_shape *shape);
    void (*bind)(MFLI_R(mfli_net) *net, void *workspace);

    /* Partial predictions of blocks block0 .. block1-1. Like gradient() it returns 0, or what a
     * caller's activation returned to stop. */
    int32_t (*forward)(const MFLI_R(mfli_net) *net, size_t block0, size_t block1, void *scratch);
    /* f[mu] from the partial predictions of all blocks. */
    void (*predict)(const MFLI_R(mfli_net) *net, double *f);
    /* The same, sets residual = y - f, and returns the sum of its squares. */
    double (*residual)(const MFLI_R(mfli_net) *net, const double *y, double *f);
    /* gradient and features of panels panel0 .. panel1-1 from residual; for ReLU and leaky the
     * signs are those of the last forward(). */
    int32_t (*gradient)(const MFLI_R(mfli_net) *net, size_t panel0, size_t panel1, void *scratch);
    /* Langevin step of the panels; the noise is the N x (d+1) matrix of normals of the stream. */
    void (*update)(const MFLI_R(mfli_net) *net, const mfli_langevin *langevin,
                   const mfli_stream *stream, size_t panel0, size_t panel1, void *scratch);
    /* |W|^2 and |a|^2 before the last update() of all panels. */
    void (*squares)(const MFLI_R(mfli_net) *net, mfli_squares *squares);
} MFLI_R(mfli_ops);
