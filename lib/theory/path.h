/* SPDX-License-Identifier: BSD-3-Clause */
/* What a path holds (include/mflearn/path.h): the points of all curves in one list, cut into branches at folds. */
#ifndef MFLI_THEORY_PATH_H
#define MFLI_THEORY_PATH_H

#include <mflearn/path.h>

#include "core/family.h"
#include "theory/follow.h"

typedef struct mfli_path_point {
    double u; /* logarithm of the parameter */
    mfli_results results;
} mfli_path_point;

typedef struct mfli_path_branch {
    int32_t first, count, stable, curve;
} mfli_path_branch;

typedef struct mfli_path_fold {
    int32_t branch;
    double u, error; /* logarithm of the parameter */
    mfli_results results;
} mfli_path_fold;

typedef struct mfli_path_transition {
    int32_t branch, other;
    double u, error;
} mfli_path_transition;

/* A list that grows. */
typedef struct mfli_list {
    int32_t count, capacity;
    size_t size;
    void *items;
} mfli_list;

struct mfl_path {
    mfli_object object;
    mfli_family family; /* one child, whose progress is that of the path */
    mfl_theory *theory; /* a clone of the child's */
    mfli_follower follower;
    mfli_list points, unknowns, branches, folds,
        transitions; /* unknowns: z of every point, at the coarsest resolution */
    int32_t stop, curves;
    mfl_options options;
    mfli_option_value option_values[2];
};

static inline mfli_path_point *mfli_path_points(const mfl_path *path)
{
    return path->points.items;
}

static inline mfli_path_branch *mfli_path_branches(const mfl_path *path)
{
    return path->branches.items;
}

/* Add a copy of an item; MFL_OK or MFL_ERROR_MEMORY. */
int32_t mfli_list_add(mfl_context *context, mfli_list *list, const void *item);

/* Results on a branch at u, which must be within its points. MFLI_NO_POINT: none was found. */
int32_t mfli_path_solve(mfl_path *path, int32_t branch, double u, mfli_results *results);

/* Range of u of a branch; 0 if it has less than two points. */
int32_t mfli_path_range(const mfl_path *path, const mfli_path_branch *branch, double *low, double *high);

/* All pairs of stable branches with equal free energies: fills path->transitions. */
int32_t mfli_path_find_transitions(mfl_path *path);

/* Follow the dimension. */
int32_t mfli_path_follow_integers(mfl_path *path, double from, double to);

int32_t mfli_path_critical(mfl_path *path, int32_t criterion, double *value, double *error);

static inline double mfli_result(const mfli_results *results, int32_t key)
{
    return results->value[key - MFL_THEORY_M];
}

static inline double mfli_result_error(const mfli_results *results, int32_t key)
{
    return results->error[key - MFL_THEORY_M];
}

#endif
