/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file path.h
 * @brief Solutions of a mean-field theory as one parameter moves: branches, folds, transitions, critical points.
 *
 * A path copies a theory with its options and follows every solution that is found at either end of a range through
 * the range, by pseudo-arclength in the logarithms of the unknowns and of the parameter. Where two solutions meet and
 * vanish, a fold (spinodal), the curve turns back on its unstable middle part. A *branch* is a piece of a curve between
 * folds or ends; of two branches that meet at a fold one is stable, one unstable. Between the two folds of an S-shaped
 * curve lies the hysteresis loop: heating and cooling end on different stable branches. Curves that close within the
 * range are not found, nor solutions that break a symmetry between variables of the task.
 *
 * Every theory of finite width can be followed: parities, staircases, single-index and multi-index teachers, every
 * activation. An activation or a teacher's function of the caller's is called from the thread that follows, and must give
 * the same values every time; the functions and what they use must outlive the path.
 *
 * A solution is called *stable* when the iteration that solves the theory is attracted by it (every branch begins
 * from such a solution, and stability changes at each fold). Where the closure has a free energy the lower one prevails
 * among stable branches, and where two are equal is the thermodynamic transition; at every N it is the saddle-point
 * value, without fluctuations about it.
 *
 * Threads: as for every handle, see context.h. Results follow the arguments and options alone.
 */
#ifndef MFLEARN_PATH_H
#define MFLEARN_PATH_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What moves along a path. @since 0.1 */
enum mfl_path_parameter {
    MFL_PATH_SAMPLES = 0, /**< P, a real number. @since 0.1 */
    MFL_PATH_KAPPA = 1,   /**< kappa. @since 0.1 */
    MFL_PATH_WIDTH = 2,   /**< N, taken as a real number; must be finite. @since 0.1 */
    /** d, an integer: stable branches only, followed in steps of whole numbers, no transitions. Where a branch is lost
     *  is known to within 1/2. @since 0.1 */
    MFL_PATH_DIMENSION = 3,
    MFL_PATH_SIGMA_W = 4, /**< sigma_w. @since 0.1 */
    MFL_PATH_SIGMA_A = 5, /**< sigma_a. @since 0.1 */
    MFL_PATH_ALPHA = 6    /**< alpha0; beta0 keeps the value it was set to, or moves with it. @since 0.1 */
};

/** Options of a path, for mfl_path_options(). @since 0.1 */
enum mfl_path_option {
    /** number in [1e-3, 1]: most change of the logarithm of the parameter from point to point; default
     *  0.1. @since 0.1 */
    MFL_PATH_STEP = 7201,
    /** int >= 2: most points of one curve; default 2000. @since 0.1 */
    MFL_PATH_POINTS = 7202
};

/** Where learning begins, for mfl_path_critical(). @since 0.1 */
enum mfl_path_criterion {
    /** Where |dm/d ln p| is largest on the stable branch that reaches the larger m; only where no fold interrupts
     *  it. @since 0.1 */
    MFL_PATH_STEEPEST = 0,
    /** Where the branch with the smaller m is lost: the fold at its end. @since 0.1 */
    MFL_PATH_FOLD = 1,
    /** Where the tangent at m = 1/2 reaches m = 0. Past its onset the plain mean field has 1 - m proportional to
     *  kappa/kappa_c, and to sqrt(P_c/P), so the tangent is taken in kappa (in P^(-1/2) along P, in p itself for other
     *  parameters). The error contains, beside that of the tangent, half the distance to the same construction at
     *  m = 0.6: how far from a straight line the theory is. @since 0.1 */
    MFL_PATH_PINNED = 2
};

/**
 * @brief Make a path of a theory, which is copied with its closure and options.
 * @param theory  the theory, of finite width
 * @param[out] out  receives the path, NULL on failure; release with mfl_path_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_UNSUPPORTED (infinite width: one solution, in closed form);
 *         ::MFL_ERROR_MEMORY; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_create(mfl_theory *theory, mfl_path **out);

/** @brief Release a path. @param path  may be NULL @since 0.1 */
MFL_API void mfl_path_destroy(mfl_path *path);

/**
 * @brief The options of the path (::mfl_path_option). The tolerance of its points is the theory's.
 * @param path  the path
 * @param[out] options  receives a borrowed pointer that lives as long as the path
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_options(mfl_path *path, mfl_options **options);

/**
 * @brief Follow all branches of a range; replaces what was followed before.
 *
 * Reports progress and can be cancelled; what was found until then remains.
 * @param path  the path
 * @param parameter  ::mfl_path_parameter
 * @param from  one end of the range, > 0
 * @param to  the other, > 0 and different
 * @param samples  P > 0 where P does not move; ignored otherwise
 * @param kappa  kappa > 0 where kappa does not move; ignored otherwise
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_CANCELLED when nothing was found yet; ::MFL_ERROR_TOLERANCE,
 *         ::MFL_ERROR_DIVERGED or ::MFL_ERROR_UNSUPPORTED as mfl_theory_solve() when neither end can be solved;
 *         ::MFL_ERROR_MEMORY. Time: per point about that of a solve, less where the tolerance is loose.
 * @since 0.1
 */
MFL_API int32_t mfl_path_follow(mfl_path *path, int32_t parameter, double from, double to, double samples,
                                double kappa);

/**
 * @brief Why the following stopped (::mfl_stop).
 *
 * ::MFL_STOP_CONVERGED: every curve was followed to the ends of the range and every point met the theory's tolerance;
 * ::MFL_STOP_LIMIT: not so; ::MFL_STOP_CANCELLED; ::MFL_STOP_NONE: nothing was followed.
 * @param path  the path
 * @param[out] stop  receives the reason
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_stop(const mfl_path *path, int32_t *stop);

/**
 * @brief How many branches were found.
 * @param path  the path
 * @param[out] count  receives the number
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_branches(const mfl_path *path, int32_t *count);

/**
 * @brief One branch. Those of one curve follow each other, in the order of the curve.
 * @param path  the path
 * @param branch  below the number of branches
 * @param[out] points  receives the number of its points, in the order of the curve; may be 0 between close folds
 * @param[out] stable  receives 1 or 0; may be NULL
 * @param[out] curve  receives the number of the curve it belongs to; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_branch(const mfl_path *path, int32_t branch, int32_t *points, int32_t *stable, int32_t *curve);

/**
 * @brief The value of the parameter at a point.
 * @param path  the path
 * @param branch  below the number of branches
 * @param point  below the number of its points
 * @param[out] value  receives it
 * @param[out] stop  receives ::mfl_stop, converged or limit, of the point; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_point(const mfl_path *path, int32_t branch, int32_t point, double *value, int32_t *stop);

/**
 * @brief One result at a point, as mfl_theory_get().
 * @param path  the path
 * @param branch  below the number of branches
 * @param point  below the number of its points
 * @param key  ::mfl_theory_result
 * @param[out] value  receives the result
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT, for an unknown key too; ::MFL_ERROR_STATE
 *         where the result does not exist.
 * @since 0.1
 */
MFL_API int32_t mfl_path_get(const mfl_path *path, int32_t branch, int32_t point, int32_t key, double *value,
                             double *error);

/**
 * @brief One result of one mode at a point, as mfl_theory_get_mode().
 * @param path  the path
 * @param branch  below the number of branches
 * @param point  below the number of its points
 * @param mode  below the number of modes, in the order of mfl_theory_mode() of a theory that was solved with the same
 *              options
 * @param key  ::MFL_THEORY_M or ::MFL_THEORY_LAMBDA
 * @param[out] value  receives the result
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return As mfl_path_get(), and ::MFL_ERROR_ARGUMENT for a mode there is not.
 * @since 0.1
 */
MFL_API int32_t mfl_path_get_mode(const mfl_path *path, int32_t branch, int32_t point, int64_t mode, int32_t key,
                                  double *value, double *error);

/**
 * @brief How many folds were found.
 * @param path  the path
 * @param[out] count  receives the number
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_folds(const mfl_path *path, int32_t *count);

/**
 * @brief One fold: where branch `branch` ends, and `branch` + 1 begins (with the dimension moving: where it ends).
 * @param path  the path
 * @param fold  below the number of folds
 * @param[out] branch  receives the branch; may be NULL
 * @param[out] value  receives the value of the parameter
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_fold(const mfl_path *path, int32_t fold, int32_t *branch, double *value, double *error);

/**
 * @brief One result at a fold, as mfl_path_get().
 * @param path  the path
 * @param fold  below the number of folds
 * @param key  ::mfl_theory_result
 * @param[out] value  receives the result
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return As mfl_path_get().
 * @since 0.1
 */
MFL_API int32_t mfl_path_fold_get(const mfl_path *path, int32_t fold, int32_t key, double *value, double *error);

/**
 * @brief How many thermodynamic transitions were found: stable branches of equal free energy.
 * @param path  the path
 * @param[out] count  receives the number; 0 for closures without a free energy
 * @return ::MFL_OK; ::MFL_ERROR_NULL; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_transitions(const mfl_path *path, int32_t *count);

/**
 * @brief One transition.
 * @param path  the path
 * @param transition  below the number of transitions
 * @param[out] branch  receives one of the branches; may be NULL
 * @param[out] other  receives the other; may be NULL
 * @param[out] value  receives the value of the parameter
 * @param[out] error  receives its estimated absolute error, from those of the free energies; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_path_transition(const mfl_path *path, int32_t transition, int32_t *branch, int32_t *other,
                                    double *value, double *error);

/**
 * @brief Where learning begins, by a criterion of choice.
 * @param path  the path, followed in a real parameter over a range that contains what the criterion asks for
 * @param criterion  ::mfl_path_criterion
 * @param[out] value  receives the value of the parameter
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE when nothing was followed, or the path
 *         has no such point (the message says why); ::MFL_ERROR_CANCELLED; ::MFL_ERROR_MEMORY.
 *         Time: a few tens of points of the path; none for ::MFL_PATH_FOLD.
 * @since 0.1
 */
MFL_API int32_t mfl_path_critical(mfl_path *path, int32_t criterion, double *value, double *error);

#ifdef __cplusplus
}
#endif

#endif
