/* SPDX-License-Identifier: BSD-3-Clause */
#include "theory/levels.h"

#include <math.h>

#include "core/context.h"

/* Signs (T10) times directions to sum over at one ratio of lengths: some 0.05 s, fifty times a resolution. */
static const double terms_most = 1e7;

mfli_level *mfli_levels_at(mfl_theory *theory, int32_t i)
{
    return &theory->levels[MFLI_RESOLUTIONS_LOOSE + i];
}

void mfli_levels_drop(mfl_theory *theory)
{
    for (int32_t i = -MFLI_RESOLUTIONS_LOOSE; i < MFLI_RESOLUTIONS_MOST; i++) {
        mfli_level *level = mfli_levels_at(theory, i);
        mfli_directions_finish(theory->object.context, &level->all);
        mfli_directions_finish(theory->object.context, &level->specialised);
        mfli_laws_finish(theory->object.context, &level->laws);
        mfli_lattice_finish(theory->object.context, &level->lattice);
    }
    mfli_lengths_finish(theory->object.context, &theory->lengths);
}

/* The coarsest resolution serves to find the solution roughly and to know how fast the next ones converge, which is
 * more than tenfold each in m for k = 4. Without a lattice a degree of 8 has too many angles for as many nodes: there
 * three or four digits are what can be had. */
static mfli_resolution resolution_at(const mfli_mean_field *problem, int32_t i)
{
    static const mfli_resolution table[MFLI_RESOLUTIONS_MOST] = {
        {5, 26, 7, 0.8},   {7, 36, 9, 0.65},  {8, 42, 11, 0.55}, {10, 50, 12, 0.47},
        {12, 60, 14, 0.4}, {15, 70, 16, 0.35}, {18, 80, 16, 0.3}, {22, 96, 16, 0.25},
    };
    static const mfli_resolution of_classes[MFLI_RESOLUTIONS_MOST] = { /* every direction costs an integral over lengths */
        {4, 10, 6, 0.85}, {5, 14, 6, 0.72}, {6, 19, 6, 0.6},  {8, 26, 6, 0.5},
        {10, 34, 6, 0.42}, {12, 44, 6, 0.36}, {14, 56, 6, 0.3}, {16, 70, 6, 0.25},
    };
    i = i > 0 ? i : 0;
    int32_t one_angle = problem->gain.degree <= 2; /* cheap */
    const mfli_resolution *all = mfli_needs_classes(&problem->closure) ? of_classes : table;
    mfli_resolution resolution = all[i + one_angle < MFLI_RESOLUTIONS_MOST ? i + one_angle : i];
    if (problem->gain.degree == MFLI_DEGREE_MOST) {
        resolution.order -= 3;
        resolution.polar = 2 * resolution.polar / 3;
        resolution.terms = 7;
    }
    /* The law of log r narrows like d^(-1/2) where neurons are specialised, and the lattice converges faster than
     * exponentially once it resolves that. */
    resolution.step *= fmin(0.35, 1.6 / sqrt((double)problem->dimension));
    return resolution;
}

/* From one lattice to the next. */
static const double refinement = 0.84;

/* In units of d^(-1/2), the width of what a neuron's law is made of. A rule with more coordinates has more aliases, but
 * from degree 6 on only neurons that are aligned, and so sharply that aliases hardly matter, can be afforded anyway. */
static double lattice_spacing(const mfli_mean_field *problem, int32_t i)
{
    static const double coarsest[] = {1.2, 1.6, 1.8, 2.2};
    return coarsest[problem->gain.degree / 2 - 1] / sqrt((double)problem->dimension) * pow(refinement, i);
}

/* Few inputs off the support give the prior a tail |t|^(k-d) that takes a lattice many points to follow; for degree
 * 4 the laws of directions (laws.h) are the faster ones for longer, unless every direction counts by itself. For higher
 * degrees, whose directions have too many angles, there is little left for them. */
static int32_t uses_lattice(const mfli_mean_field *problem, int32_t i)
{
    int32_t degree = problem->gain.degree, classes = mfli_needs_classes(&problem->closure);
    int64_t least = classes || degree == 2 ? 10 : degree == 4 ? 24 : 4;
    return degree > 0 && problem->closure.self_energy != MFL_THEORY_SELF_NONE &&
           problem->dimension - degree >= least && mfli_lattice_serves(degree, lattice_spacing(problem, i));
}

/* Where a solve begins gains a level or two in the end. */
int32_t mfli_levels_first(const mfl_theory *theory, double tolerance)
{
    static const double least[MFLI_RESOLUTIONS_LOOSE] = {3e-4, 1e-5, 3e-7};
    int32_t i = -MFLI_RESOLUTIONS_LOOSE;
    if (!theory->single || !uses_lattice(&theory->problem, mfli_levels_count(theory) - 1))
        return 0;
    while (i < 0 && tolerance < least[i + MFLI_RESOLUTIONS_LOOSE])
        i++;
    return i;
}

int32_t mfli_levels_count(const mfl_theory *theory)
{
    const mfli_mean_field *problem = &theory->problem;
    int32_t levels = (int32_t)mfli_options_int(&theory->options, MFL_THEORY_RESOLUTIONS);
    if (uses_lattice(problem, levels - 1))
        return levels;
    for (; levels > 3 && problem->gain.degree; levels--) {
        mfli_resolution finest = resolution_at(problem, levels - 1);
        double size = (double)mfli_sector_size(problem->gain.degree, finest.order, finest.polar);
        if (ldexp(size, problem->gain.degree - 1) <= terms_most)
            break;
    }
    return levels;
}

/* Chunks of a lattice that can be afforded: some seconds a solve, and so many bytes. */
static double chunks_most(const mfli_mean_field *problem)
{
    static const double most_alone = 3e5, most_with_classes = 1.5e5, bytes_most = 3e8;
    int32_t classes = mfli_needs_classes(&problem->closure) ? problem->classes.count : 0;
    size_t bytes = sizeof(mfli_chunk) + 64 + sizeof(double) * MFLI_ANGULAR_LANES * (size_t)classes;
    return fmin(classes ? most_with_classes : most_alone, bytes_most / (double)bytes);
}

int32_t mfli_levels_prepare(mfl_theory *theory, int32_t i)
{
    mfl_context *context = theory->object.context;
    mfli_level *to = mfli_levels_at(theory, i);
    const mfli_mean_field *problem = &theory->problem;
    mfli_resolution resolution = resolution_at(problem, i);
    int32_t levels = mfli_levels_count(theory), status = MFL_OK, degree = problem->gain.degree;
    int32_t lattice = uses_lattice(problem, levels - 1);
    if (degree && !lattice && !to->laws.degree)
        status = mfli_laws_create(context, degree, &resolution, &to->laws);
    to->laws.start = fmax(0.0, (double)i / levels);
    to->laws.share = 1.0 / levels;
    if (status == MFL_OK)
        status = mfli_lengths_need(context, (double)problem->dimension, &theory->lengths);
    /* a lattice knows its own specialised directions */
    for (int32_t part = 0; part < (lattice ? 1 : 2) && status == MFL_OK; part++) {
        mfli_directions *directions = part ? &to->specialised : &to->all;
        if (!directions->count)
            status = mfli_directions_create(context, &problem->gain, problem->dimension, resolution.step, &to->laws,
                                            part, directions);
        directions->lengths = &theory->lengths;
    }
    to->all.lattice = NULL;
    if (status == MFL_OK && lattice) {
        if ((double)to->lattice.count > chunks_most(problem)) /* what many solves left behind */
            mfli_lattice_finish(context, &to->lattice);
        if (!to->lattice.degree)
            mfli_lattice_init(context, degree, problem->dimension, lattice_spacing(problem, i),
                              22.0 + (i < 0 ? 4.0 : 2.0) * i, &to->lattice);
        to->lattice.done = to->laws.start;
        to->all.lattice = &to->lattice;
    }
    return status;
}

int32_t mfli_levels_is_last(mfl_theory *theory, int32_t i)
{
    const mfli_lattice *lattice = mfli_levels_at(theory, i)->all.lattice;
    return lattice && (double)lattice->visited * pow(refinement, -lattice->degree) > chunks_most(&theory->problem);
}

/* Where the prior's tail is long and has creases between the points of a lattice: at degree 6, d = 18 the power of the
 * prior converges like this, beside a closed form. */
double mfli_levels_pace(const mfl_theory *theory)
{
    const mfli_mean_field *problem = &theory->problem;
    return problem->gain.degree >= 6 && problem->dimension - problem->gain.degree < 20 ? 0.6 : 0.0;
}
