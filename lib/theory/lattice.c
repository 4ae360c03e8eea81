/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/lattice.h"

#include <math.h>
#include <string.h>

#include "core/context.h"

static const double pi = 3.14159265358979323846;

/* Width of the window in units of h, and by how much it follows the stretching: the errors of a lattice rule that it
 * adds are exp(-2 (pi l/h)^2). */
static const double window_width = 1.5, window_growth = 0.35;
/* Where the diagonal begins, in chunks, and the ratio |w_S|/|w_perp| that it reaches. */
static const int32_t first_chunk = -4;
static const double ratio_most = 1e9;
enum { lanes = MFLI_ANGULAR_LANES };

static int32_t count_chunks(double spacing)
{
    return (int32_t)ceil(fmin(2.0 * asinh(ratio_most) / (spacing * lanes), 1e6)) - first_chunk;
}

int32_t mfli_lattice_serves(int32_t degree, double spacing)
{
    /* a key has 8 bits for each gap */
    int32_t most = degree == MFLI_DEGREE_MOST ? 250 : MFLI_LATTICE_CHUNKS;
    return count_chunks(spacing) <= most;
}

void mfli_lattice_init(mfl_context *context, int32_t degree, int64_t d, double spacing, double threshold,
                       mfli_lattice *lattice)
{
    double k = degree;
    memset(lattice, 0, sizeof *lattice);
    lattice->degree = degree;
    lattice->d = (double)d;
    lattice->spacing = spacing;
    lattice->threshold = threshold;
    lattice->accuracy = threshold < 22.0 ? exp(-threshold) : 1e-14;
    lattice->norm = 0.5 * k * log(pi) + lgamma(0.5 * ((double)d - k)) - lgamma(0.5 * (double)d);
    lattice->loops = mfli_angular_loops_select(mfli_instruction_set(context));
    lattice->chunks = count_chunks(spacing);
    /* more makes fewer points of the tails, and less of their creases; narrow laws of few coordinates have no tails */
    lattice->stretch = degree < 6 && d - degree >= 16 ? 0.0 : 0.8;
}

void mfli_lattice_finish(mfl_context *context, mfli_lattice *lattice)
{
    for (int64_t i = 0; i < lattice->room; i++) {
        if (!lattice->key[i])
            continue;
        mfli_free(context, lattice->chunk[i]->power);
        mfli_free(context, lattice->chunk[i]);
    }
    mfli_free(context, lattice->key);
    mfli_free(context, lattice->chunk);
    memset(lattice, 0, sizeof *lattice);
}

/* ---- where the points are ---- */

typedef struct line {
    double above[MFLI_DEGREE_MOST]; /* t_j - sinh(y) */
    double permutations;            /* of a point */
    double volume;                  /* |dt/dx|/cosh(y) */
    double start, step;             /* y of the first lane, and of the next less that */
} line;

static line place(const mfli_lattice *lattice, int32_t at, const int32_t *gaps)
{
    int32_t k = lattice->degree, total = 0, above[MFLI_DEGREE_MOST] = {0}, run = 1;
    line to = {.permutations = 1.0, .volume = 1.0, .step = 0.5 * lattice->spacing};
    double square = 0.0, stretch = lattice->stretch;
    for (int32_t j = k - 1; j > 0; j--)
        above[j - 1] = above[j] + gaps[j - 1];
    for (int32_t j = 0; j < k; j++)
        total += above[j];
    for (int32_t j = 0; j < k; j++) {
        run = j > 0 && gaps[j - 1] == 0 ? run + 1 : 1;
        to.permutations *= (j + 1.0) / run;
        to.above[j] = lattice->spacing * (above[j] - (double)total / k);
        square += to.above[j] * to.above[j];
    }
    if (stretch * square > 0.0) { /* once along the radius across the diagonal, k - 2 times around it */
        double x = stretch * sqrt(square), longer = sinh(x) / x;
        to.volume = pow(longer, k - 2) * cosh(x);
        for (int32_t j = 0; j < k; j++)
            to.above[j] *= longer;
    }
    /* the mean is a multiple of h/2 away from that of the gaps alone */
    double offset = 2.0 * total / k;
    to.start = to.step * ((at + first_chunk) * lanes + offset - floor(offset));
    return to;
}

static void fill_points(const mfli_lattice *lattice, const line *on, double (*t)[lanes])
{
    for (int32_t l = 0; l < lanes; l++) {
        double diagonal = sinh(on->start + l * on->step);
        for (int32_t j = 0; j < lattice->degree; j++)
            t[j][l] = diagonal + on->above[j];
    }
}

/* ---- what is there ---- */

/* The frequencies are for a bound of |t|_1 that moves in steps of 10 %, so that most chunks find theirs made. */
static void fill_amplitudes(mfli_lattice *lattice, double (*t)[lanes], double *amplitude)
{
    double reach = 1.0;
    for (int32_t l = 0; l < lanes; l++) {
        double sum = 0.0;
        for (int32_t j = 0; j < lattice->degree; j++)
            sum += fabs(t[j][l]);
        reach = fmax(reach, sum);
    }
    reach = exp(0.1 * ceil(10.0 * log(reach)));
    if (reach != lattice->frequencies.reach)
        mfli_frequencies_choose(lattice->degree, reach, &lattice->frequencies);
    mfli_angular_amplitudes(lattice->loops, lattice->degree, &lattice->frequencies, t, 1, amplitude);
}

static void fill_chunk(mfli_lattice *lattice, int32_t at, const int32_t *gaps, mfli_chunk *chunk)
{
    line on = place(lattice, at, gaps);
    double t[MFLI_DEGREE_MOST][lanes], amplitude[lanes], k = lattice->degree, stretch = lattice->stretch, width;
    /* h^k/2 the volume of a cell; 2^k orthants */
    double unit = k * log(2.0 * lattice->spacing) + log(0.5 * on.permutations * on.volume) - lattice->norm;
    double furthest = fabs(on.start + (on.start > 0.0 ? lanes - 1 : 0) * on.step);
    chunk->log_volume = log(on.volume * on.permutations);
    /* as far across the diagonal as along it; from there on the prior's density falls fast enough */
    chunk->promise =
        fmax(0.0, (k - 1.0) * log(hypot(1.0, stretch * sqrt(k) * sinh(furthest))) - log(on.volume));
    fill_points(lattice, &on, t);
    fill_amplitudes(lattice, t, amplitude);
    for (int32_t l = 0; l < lanes; l++) {
        double square = 0.0, spread = 0.0, window = cosh(on.start + l * on.step);
        for (int32_t j = 0; j < lattice->degree; j++)
            square += t[j][l] * t[j][l];
        for (int32_t j = 0; j < lattice->degree; j++)
            spread += pow(t[j][l] * t[j][l] - square / k, 2.0) / (1.0 + square);
        width = window_width * lattice->spacing * sqrt(1.0 + window_growth * k * stretch * stretch * spread);
        for (int32_t j = 0; j < lattice->degree; j++) {
            if (t[j][l] < 6.0 * width)
                window *= 0.5 * erfc(-t[j][l] / width);
        }
        chunk->aligned[l] = square / (1.0 + square);
        chunk->q[l] = amplitude[l] * amplitude[l] / (1.0 + square);
        chunk->log_weight[l] = unit + log(window) - 0.5 * lattice->d * log1p(square);
    }
}

/* ---- the table ---- */

/* Never 0. */
static uint64_t key_of(const mfli_lattice *lattice, int32_t at, const int32_t *gaps)
{
    uint64_t key = (uint64_t)at + 1;
    for (int32_t i = 0; i < lattice->degree - 1; i++)
        key = key << 8 | (uint64_t)gaps[i];
    return key;
}

/* Where a key is or belongs: open addressing in a table that is never full. */
static int64_t find(const mfli_lattice *lattice, uint64_t key)
{
    uint64_t mask = (uint64_t)lattice->room - 1, i = (key * UINT64_C(0x9e3779b97f4a7c15)) >> 20 & mask;
    while (lattice->key[i] && lattice->key[i] != key)
        i = (i + 1) & mask;
    return (int64_t)i;
}

static int32_t grow(mfl_context *context, mfli_lattice *lattice)
{
    mfli_lattice wider = *lattice;
    wider.room = lattice->room ? 4 * lattice->room : 1024;
    wider.key = mfli_alloc_zeroed(context, (size_t)wider.room, sizeof *wider.key);
    wider.chunk = wider.key ? mfli_alloc(context, (size_t)wider.room, sizeof(mfli_chunk *)) : NULL;
    if (!wider.chunk) {
        mfli_free(context, wider.key);
        return MFL_ERROR_MEMORY;
    }
    for (int64_t i = 0; i < lattice->room; i++) {
        if (!lattice->key[i])
            continue;
        int64_t to = find(&wider, lattice->key[i]);
        wider.key[to] = lattice->key[i];
        wider.chunk[to] = lattice->chunk[i];
    }
    mfli_free(context, lattice->key);
    mfli_free(context, lattice->chunk);
    *lattice = wider;
    return MFL_OK;
}

static int32_t fill_power(mfl_context *context, const mfli_lattice *lattice, const mfli_classes *classes, int32_t at,
                          const int32_t *gaps, mfli_chunk *chunk)
{
    double t[MFLI_DEGREE_MOST][lanes];
    line on = place(lattice, at, gaps);
    chunk->power = mfli_alloc(context, (size_t)classes->count * lanes, sizeof(double));
    if (!chunk->power)
        return MFL_ERROR_MEMORY;
    fill_points(lattice, &on, t);
    mfli_classes_powers(classes, t, chunk->power);
    return MFL_OK;
}

int32_t mfli_lattice_need(mfl_context *context, mfli_lattice *lattice, const mfli_classes *classes, int32_t at,
                          const int32_t *gaps, mfli_chunk **chunk)
{
    uint64_t key = key_of(lattice, at, gaps);
    if (2 * lattice->count >= lattice->room && grow(context, lattice) != MFL_OK)
        return MFL_ERROR_MEMORY;
    int64_t i = find(lattice, key);
    if (!lattice->key[i]) {
        mfli_chunk *fresh = mfli_alloc(context, 1, sizeof *fresh);
        if (!fresh)
            return MFL_ERROR_MEMORY;
        fill_chunk(lattice, at, gaps, fresh);
        fresh->power = NULL;
        lattice->key[i] = key;
        lattice->chunk[i] = fresh;
        lattice->count++;
    }
    *chunk = lattice->chunk[i];
    return classes && !(*chunk)->power ? fill_power(context, lattice, classes, at, gaps, *chunk) : MFL_OK;
}

int32_t mfli_lattice_has(const mfli_lattice *lattice, int32_t at, const int32_t *gaps)
{
    return lattice->key[find(lattice, key_of(lattice, at, gaps))] != 0;
}

/* ---- edges ---- */

/* (sum |t_j|)^2 - k (1 + |t|^2)/2 at t_j = x + above_j */
static double beyond(const mfli_lattice *lattice, const line *on, double x)
{
    double sum = 0.0, square = 1.0;
    for (int32_t j = 0; j < lattice->degree; j++) {
        double t = x + on->above[j];
        sum += fabs(t);
        square += t * t;
    }
    return sum * sum - 0.5 * lattice->degree * square;
}

/* Where the diagonal enters the specialised directions: with t_j = x + above_j, k x + S_1 =
 * (k (1 + S_2) - S_1^2)^(1/2) while all t_j > 0, S_1 and S_2 the sums of above_j and its square. */
static double edge(const mfli_lattice *lattice, const line *on)
{
    double sum = 0.0, square = 1.0, k = lattice->degree;
    for (int32_t j = 0; j < lattice->degree; j++) {
        sum += on->above[j];
        square += on->above[j] * on->above[j];
    }
    double high = (sqrt(k * square - sum * sum) - sum) / k, low = 0.0;
    if (high + on->above[lattice->degree - 1] >= 0.0)
        return high;
    for (int32_t i = 0; i < 50; i++) {
        double x = 0.5 * (low + high);
        *(beyond(lattice, on, x) > 0.0 ? &high : &low) = x;
    }
    return 0.5 * (low + high);
}

mfli_lattice_line mfli_lattice_line_at(const mfli_lattice *lattice, int32_t at, const int32_t *gaps)
{
    line on = place(lattice, at, gaps);
    return (mfli_lattice_line){on.start, on.step, asinh(edge(lattice, &on))};
}
