/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file diagram.h
 * @brief A mean-field theory on a grid of P and kappa.
 *
 * Every line of the grid, one kappa, is swept twice: with P growing from the solution that the prior leads to (heating),
 * and with P falling from that of aligned neurons (cooling), each point started from the ones before. Where the two
 * differ the theory has two stable solutions: hysteresis. The plain mean field has one solution and is swept once.
 *
 * Lines are shared among the threads of the context. Threads: as for every handle, see context.h. Results do not depend
 * on the number of threads. An activation of the caller's is called from all of these threads, from several at a time:
 * it must allow that, or the context have one thread. It must outlive the call.
 */
#ifndef MFLEARN_DIAGRAM_H
#define MFLEARN_DIAGRAM_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Solve a theory on a grid.
 *
 * The theory's closure and options hold, its tolerance among them: 1e-4 is plenty for a picture and much faster than the
 * default. Reports progress. A point that does not converge is marked, see mfl_diagram_point(), and does not stop
 * the others.
 * @param theory  the theory
 * @param samples  P > 0, strictly ascending
 * @param sample_count  their number, >= 1
 * @param kappas  kappa > 0, strictly ascending
 * @param kappa_count  their number, >= 1
 * @param[out] out  receives the diagram, NULL on failure; release with mfl_diagram_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE; ::MFL_ERROR_CANCELLED;
 *         ::MFL_ERROR_UNSUPPORTED as mfl_theory_solve(); ::MFL_ERROR_MEMORY; or a status of the handle.
 *         Memory: a quadrature for each thread, 6 kB a point.
 * @since 0.1
 */
MFL_API int32_t mfl_diagram_create(mfl_theory *theory, const double *samples, int64_t sample_count,
                                   const double *kappas, int64_t kappa_count, mfl_diagram **out);

/** @brief Release a diagram. @param diagram  may be NULL @since 0.1 */
MFL_API void mfl_diagram_destroy(mfl_diagram *diagram);

/**
 * @brief How many solutions a point of the grid has.
 * @param diagram  the diagram
 * @param sample  position of P
 * @param kappa  position of kappa
 * @param[out] branches  receives 1 or 2, in the order of mfl_theory_select(): heating, cooling; 0 where nothing could be
 *             solved
 * @param[out] converged  receives 1 if all of them met the theory's tolerance; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_diagram_point(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t *branches,
                                  int32_t *converged);

/**
 * @brief One result at a point of the grid, as mfl_theory_get().
 * @param diagram  the diagram
 * @param sample  position of P
 * @param kappa  position of kappa
 * @param branch  below the number of solutions there
 * @param key  ::mfl_theory_result
 * @param[out] value  receives the result
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT, for an unknown key too; ::MFL_ERROR_STATE
 *         where the result does not exist.
 * @since 0.1
 */
MFL_API int32_t mfl_diagram_get(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch, int32_t key,
                                double *value, double *error);

/**
 * @brief One result of one mode at a point of the grid, as mfl_theory_get_mode().
 * @param diagram  the diagram
 * @param sample  position of P
 * @param kappa  position of kappa
 * @param branch  below the number of solutions there
 * @param mode  below the number of modes, in the order of mfl_theory_mode() of a theory that was solved with the same
 *              options
 * @param key  ::MFL_THEORY_M or ::MFL_THEORY_LAMBDA
 * @param[out] value  receives the result
 * @param[out] error  receives its estimated absolute error; may be NULL
 * @return As mfl_diagram_get(), and ::MFL_ERROR_ARGUMENT for a mode there is not.
 * @since 0.1
 */
MFL_API int32_t mfl_diagram_get_mode(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch,
                                     int64_t mode, int32_t key, double *value, double *error);

#ifdef __cplusplus
}
#endif

#endif
