/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/modes.h"

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "network/projection.h"
#include "theory/quadrature.h"

/* Coefficients below this part of the target's root mean square are rounding. */
static const double rounding = 1e-13;

static int32_t odd_bits(const int32_t *degree, int32_t variables)
{
    int32_t bits = 0;
    for (int32_t j = 0; j < variables; j++)
        bits |= (degree[j] & 1) << j;
    return bits;
}

static int32_t is_odd(int32_t bits)
{
    int32_t odd = 0;
    for (; bits; bits &= bits - 1)
        odd ^= 1;
    return odd;
}

/* ---- the target ---- */

static int32_t same(const int32_t *a, const int32_t *b, int32_t variables)
{
    return memcmp(a, b, (size_t)variables * sizeof *a) == 0;
}

static int32_t add_term(mfl_context *context, const mfli_model *model, int32_t variables, const int32_t *degree,
                        double coefficient, mfli_terms *to)
{
    int32_t total = 0, i = 0;
    for (int32_t j = 0; j < variables; j++)
        total += degree[j];
    while (i < to->count && !same(to->term[i].degree, degree, variables))
        i++;
    if (i == MFLI_MODES_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "the target has more than %d terms", MFLI_MODES_MOST);
    mfli_term *at = &to->term[i];
    if (i == to->count) {
        memset(at, 0, sizeof *at);
        memcpy(at->degree, degree, (size_t)variables * sizeof *degree);
        at->total = total;
        at->seen = mfli_learnable_degree(model, total);
        to->count++;
    }
    at->coefficient += coefficient;
    return MFL_OK;
}

/* E g he_q for all q that are followed, and E g^2, over N(0, 1): panels with a boundary at 0, where ReLU has its kink. */
static int32_t expand(mfl_context *context, const mfli_task *task, double *coefficient, double *square)
{
    enum { nodes = 16, panels = 56 };
    static const double reach = 14.0; /* where exp(-z^2/2) he_24(z) is rounding */
    double node[nodes], weight[nodes], z[nodes], value[nodes];
    mfli_gauss_legendre(nodes, node, weight);
    memset(coefficient, 0, (MFLI_HERMITE_MOST + 1) * sizeof *coefficient);
    *square = 0.0;
    for (int32_t panel = 0; panel < panels; panel++) {
        double width = 2.0 * reach / panels;
        for (int32_t i = 0; i < nodes; i++)
            z[i] = width * (panel + node[i]) - reach;
        int32_t status = mfli_task_link(context, task, nodes, z, value);
        if (status != MFL_OK)
            return status;
        for (int32_t i = 0; i < nodes; i++) {
            double p = width * weight[i] * exp(-0.5 * z[i] * z[i]) / sqrt(2.0 * 3.14159265358979323846);
            *square += p * value[i] * value[i];
            for (int32_t q = 0; q <= MFLI_HERMITE_MOST; q++)
                coefficient[q] += p * value[i] * mfli_hermite(q, z[i]);
        }
    }
    return MFL_OK;
}

static int32_t read_link(mfl_context *context, const mfli_task *task, const mfli_model *model, mfli_terms *to)
{
    double coefficient[MFLI_HERMITE_MOST + 1], square;
    int32_t status = expand(context, task, coefficient, &square);
    for (int32_t q = 0; q <= MFLI_HERMITE_MOST && status == MFL_OK; q++)
        if (fabs(coefficient[q]) > rounding * sqrt(square))
            status = add_term(context, model, 1, &q, coefficient[q], to);
    to->square = square;
    return status;
}

static int32_t read_terms(mfl_context *context, const mfli_task *task, const mfli_model *model, mfli_terms *to)
{
    int32_t status = MFL_OK, degree[MFLI_VARIABLES_MOST] = {0}, parity = task->kind == MFL_TASK_PARITY;
    int64_t variables = parity ? task->degree : task->kind == MFL_TASK_SUM ? task->variables : 1;
    if (variables > MFLI_VARIABLES_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the target has %lld variables; theories reach %d",
                         (long long)variables, MFLI_VARIABLES_MOST);
    to->variables = (int32_t)variables;
    if (task->kind == MFL_TASK_RELU || task->kind == MFL_TASK_CALLER)
        return read_link(context, task, model, to);
    if (task->kind != MFL_TASK_SUM) {
        for (int32_t j = 0; j < to->variables; j++)
            degree[j] = parity ? 1 : (int32_t)task->degree;
        status = add_term(context, model, to->variables, degree, 1.0, to);
    }
    for (int64_t i = 0; task->kind == MFL_TASK_SUM && i < task->terms && status == MFL_OK; i++) {
        for (int32_t j = 0; j < to->variables; j++)
            degree[j] = (int32_t)task->degrees[i * variables + j];
        status = add_term(context, model, to->variables, degree, task->coefficients[i], to);
    }
    for (int32_t i = 0; i < to->count; i++) {
        to->term[i].seen &= to->term[i].coefficient != 0.0;
        to->square += to->term[i].coefficient * to->term[i].coefficient;
    }
    return status;
}

/* ---- symmetry ---- */

/* Does the flip leave all target modes together as they are, or turn all of them? */
static int32_t keeps(const mfli_terms *to, int32_t flip)
{
    int32_t first = -1;
    for (int32_t i = 0; i < to->count; i++) {
        int32_t sign = is_odd(odd_bits(to->term[i].degree, to->variables) & flip);
        if (!to->term[i].seen)
            continue;
        if (first >= 0 && sign != first)
            return 0;
        first = sign;
    }
    return 1;
}

/* Does a mode change its sign when the target does, under every flip that keeps the target? */
static int32_t is_like_target(const mfli_terms *to, int32_t bits)
{
    int32_t first = 0;
    while (!to->term[first].seen)
        first++;
    for (int32_t flip = 1; flip < 1 << to->variables; flip++)
        if (keeps(to, flip) && is_odd((odd_bits(to->term[first].degree, to->variables) ^ bits) & flip))
            return 0;
    return 1;
}

static const mfli_term *find(const mfli_terms *to, const int32_t *degree)
{
    for (int32_t i = 0; i < to->count; i++)
        if (same(to->term[i].degree, degree, to->variables))
            return &to->term[i];
    return NULL;
}

/* Is what neurons see of the target the same with two neighbours exchanged, for all neighbours? */
static int32_t is_exchangeable(const mfli_terms *to)
{
    for (int32_t i = 0; i < to->count; i++) {
        for (int32_t j = 0; j + 1 < to->variables && to->term[i].seen; j++) {
            int32_t degree[MFLI_VARIABLES_MOST];
            memcpy(degree, to->term[i].degree, sizeof degree);
            degree[j] = to->term[i].degree[j + 1];
            degree[j + 1] = to->term[i].degree[j];
            const mfli_term *other = find(to, degree);
            if (!other || other->coefficient != to->term[i].coefficient)
                return 0;
        }
    }
    return 1;
}

static void find_symmetry(const mfli_terms *to, mfli_modes *modes)
{
    int32_t all = (1 << modes->variables) - 1;
    for (int32_t flip = 1; flip <= all; flip++) /* lowest bits: pivots of a basis of the flips */
        for (int32_t j = 0; j < modes->variables && keeps(to, flip); j++)
            if ((flip & -flip) == 1 << j && !modes->flip[j]) {
                modes->positive |= 1 << j;
                modes->flip[j] = flip;
            }
    modes->exchanged = modes->positive == all && is_exchangeable(to);
}

/* ---- modes ---- */

/* sqrt(Q!/(prod q_j! a!)), times the root of the part of he_a of one of D directions that depends on the length of all:
 * 1 3 ... (a - 1) / (D (D + 2) ... (D + a - 2)). */
static double gaussian_factor(const mfli_mode *mode, int32_t variables, double others)
{
    double log_factor = lgamma(mode->total + 1.0) - lgamma(mode->across + 1.0);
    for (int32_t j = 0; j < variables; j++)
        log_factor -= lgamma(mode->degree[j] + 1.0);
    for (int32_t a = 0; a < mode->across; a += 2)
        log_factor += log((a + 1.0) / (others + a));
    return exp(0.5 * log_factor);
}

static int32_t add_mode(mfl_context *context, const mfli_terms *to, double others, mfli_mode *mode, mfli_modes *modes)
{
    const mfli_term *own = mode->across ? NULL : find(to, mode->degree);
    if (modes->count == MFLI_MODES_MOST)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the mean predictor lives on more than %d modes; take fewer variables or induced degrees",
                         MFLI_MODES_MOST);
    mode->target = own ? own->coefficient : 0.0;
    mode->factor = gaussian_factor(mode, modes->variables, others);
    modes->mode[modes->count++] = *mode;
    return MFL_OK;
}

int32_t mfli_next_degrees(int32_t count, int32_t most, int32_t *degree, int32_t *total)
{
    for (int32_t j = 0; j < count; j++) {
        if (*total < most) {
            degree[j]++;
            (*total)++;
            return 1;
        }
        *total -= degree[j];
        degree[j] = 0;
    }
    return 0;
}

/* Is it there, seen by neurons, and like the target? */
static int32_t belongs(const mfli_model *model, const mfli_terms *to, const mfli_mode *mode)
{
    int32_t binary = mode->across == 0;
    for (int32_t j = 0; j < to->variables; j++)
        binary &= mode->degree[j] < 2;
    if (!(to->gaussian || binary) || mode->across % 2 || (mode->across && to->dimension == to->variables))
        return 0;
    return mfli_learnable_degree(model, mode->total) && is_like_target(to, odd_bits(mode->degree, to->variables));
}

/* All modes of a degree up to `most` that behave like the target. */
static int32_t add_up_to(mfl_context *context, const mfli_model *model, const mfli_terms *to, int32_t most,
                         mfli_modes *modes)
{
    int32_t variables = modes->variables, degree[MFLI_VARIABLES_MOST + 1] = {0}, total = 0, status = MFL_OK;
    double others = (double)(to->dimension - variables);
    do { /* the last degree is that across */
        mfli_mode mode = {.across = degree[variables], .total = total};
        memcpy(mode.degree, degree, sizeof mode.degree);
        if (belongs(model, to, &mode))
            status = add_mode(context, to, others, &mode, modes);
    } while (status == MFL_OK && mfli_next_degrees(variables + 1, most, degree, &total));
    return status;
}

int32_t mfli_modes_count(const mfli_terms *to, const mfli_model *model, int32_t induced)
{
    int32_t degree[MFLI_VARIABLES_MOST + 1] = {0}, total = 0, count = 0;
    do {
        mfli_mode mode = {.across = degree[to->variables], .total = total};
        memcpy(mode.degree, degree, sizeof mode.degree);
        count += belongs(model, to, &mode);
    } while (mfli_next_degrees(to->variables + 1, induced, degree, &total));
    for (int32_t i = 0; i < to->count; i++)
        count += to->term[i].seen && to->term[i].total > induced;
    return count;
}

/* On Gaussian inputs the terms beyond `induced` come last. */
static int32_t add_modes(mfl_context *context, const mfli_model *model, const mfli_terms *to, int32_t induced,
                         mfli_modes *modes)
{
    int32_t status = MFL_OK, most = modes->gaussian ? induced : modes->variables;
    if (most > 0)
        status = add_up_to(context, model, to, most, modes);
    for (int32_t i = 0; i < to->count && status == MFL_OK; i++) {
        const mfli_term *term = &to->term[i];
        mfli_mode mode = {.total = term->total};
        memcpy(mode.degree, term->degree, sizeof mode.degree);
        if (term->seen && (most == 0 || term->total > most))
            status = add_mode(context, to, (double)(to->dimension - modes->variables), &mode, modes);
    }
    return status;
}

static int32_t check_law(mfl_context *context, const mfli_task *task)
{
    int32_t hypercube = task->input_law == MFL_INPUT_HYPERCUBE, gaussian = task->input_law == MFL_INPUT_GAUSSIAN;
    if (task->kind == MFL_TASK_PARITY ? hypercube : task->kind == MFL_TASK_SUM ? hypercube || gaussian : gaussian) {
        if (task->kind != MFL_TASK_SUM || gaussian)
            return MFL_OK;
        if (task->direction)
            return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                             "on the hypercube theories know sums over coordinates, not over directions");
        for (int64_t i = 0; i < task->terms * task->variables; i++)
            if (task->degrees[i] > 1)
                return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                                 "on the hypercube degrees are 0 or 1, where x_j^2 = 1; one is %lld",
                                 (long long)task->degrees[i]);
        return MFL_OK;
    }
    return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                     "theories know parities and sums of them on hypercube inputs, and teachers and sums of Hermite "
                     "polynomials on gaussian inputs, not this target on %s inputs",
                     mfli_input_law_name(task->input_law));
}

static int32_t is_on_axes(const mfli_task *task)
{
    int64_t variables = task->kind == MFL_TASK_SUM ? task->variables : 1;
    for (int64_t i = 0; task->direction && i < variables; i++) {
        int64_t parts = 0;
        for (int64_t j = 0; j < task->dimension; j++)
            parts += task->direction[i * task->dimension + j] != 0.0;
        if (parts > 1)
            return 0;
    }
    return 1;
}

int32_t mfli_terms_read(mfl_context *context, const mfli_task *task, const mfli_model *model, mfli_terms *to)
{
    memset(to, 0, sizeof *to);
    int32_t status = check_law(context, task), seen = 0;
    if (status == MFL_OK)
        status = mfli_check_learnable(context, model, task); /* says which degree it is */
    if (status == MFL_OK)
        status = read_terms(context, task, model, to);
    if (status != MFL_OK)
        return status;
    for (int32_t i = 0; i < to->count; i++)
        seen += to->term[i].seen;
    if (!seen)
        return mfli_fail(context, MFL_ERROR_UNLEARNABLE,
                         "no %s neuron without bias correlates with any term of the target",
                         mfli_activation_name(model->activation));
    to->gaussian = task->input_law == MFL_INPUT_GAUSSIAN;
    to->axes = is_on_axes(task);
    to->dimension = task->dimension;
    return MFL_OK;
}

int32_t mfli_terms_check(mfl_context *context, const mfli_terms *terms)
{
    if (terms->variables > MFLI_VARIABLES_SOLVED)
        return mfli_fail(context, MFL_ERROR_UNSUPPORTED,
                         "the target has %d variables; theories of this task and activation reach %d",
                         (int)terms->variables, MFLI_VARIABLES_SOLVED);
    for (int32_t i = 0; i < terms->count; i++)
        if (terms->term[i].seen && terms->term[i].total > MFLI_HERMITE_MOST)
            return mfli_fail(context, MFL_ERROR_UNSUPPORTED, "a term has degree %d; theories of sums reach degree %d",
                             (int)terms->term[i].total, MFLI_HERMITE_MOST);
    return MFL_OK;
}

int32_t mfli_modes_list(mfl_context *context, const mfli_terms *terms, const mfli_model *model, int32_t induced,
                        mfli_modes *modes)
{
    memset(modes, 0, sizeof *modes);
    modes->gaussian = terms->gaussian;
    modes->variables = terms->variables;
    modes->induced = induced;
    find_symmetry(terms, modes);
    int32_t status = add_modes(context, model, terms, induced, modes);
    for (int32_t i = 0; i < modes->count; i++) /* modes that tell the orders apart need them all */
        for (int32_t j = 1; j < modes->variables; j++)
            modes->exchanged &= modes->mode[i].degree[j] == modes->mode[i].degree[0];
    modes->left_out = terms->square;
    for (int32_t i = 0; i < modes->count; i++)
        modes->left_out -= modes->mode[i].target * modes->mode[i].target;
    modes->left_out = fabs(modes->left_out) > rounding * terms->square ? fmax(modes->left_out, 0.0) : 0.0;
    return status;
}
