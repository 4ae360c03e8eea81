/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file types.h
 * @brief Handles and the types that cross the library's boundary.
 *
 * Only `double`, `float`, `int32_t`, `int64_t`, `size_t` and pointers cross it, so that every language with a C
 * interface can call every function. A handle is a pointer to an incomplete type. Every handle except the context
 * belongs to a context and keeps it alive.
 *
 * Which integer stands where:
 * - `int32_t`: statuses, keys, enumerators, flags, versions and threads; branches, their points on a path,
 *   folds, transitions and curves, by position and by number;
 * - `int64_t`: every other count, capacity, stride, dimension and degree; every position in the caller's
 *   numbers or in a result (rows, columns, draws, modes, variables, points of a diagram); values of integer
 *   options;
 * - `size_t`: bytes (memory, text buffers), and positions in the library's own tables (options, statuses,
 *   results).
 *
 * A negative number where none makes sense is refused like one that is too small or too large.
 */
#ifndef MFLEARN_TYPES_H
#define MFLEARN_TYPES_H

#include <stddef.h>
#include <stdint.h>

/** Marks a symbol that the shared library exports. @since 0.1 */
#if defined(__GNUC__)
#define MFL_API __attribute__((visibility("default")))
#else
#define MFL_API
#endif

/** Allocator, threads, log and progress sinks, last error and seed (context.h). @since 0.1 */
typedef struct mfl_context mfl_context;
/** The options of one handle, borrowed from it (options.h). @since 0.1 */
typedef struct mfl_options mfl_options;
/** A target function and the law of its inputs (task.h). @since 0.1 */
typedef struct mfl_task mfl_task;
/** Inputs and targets (dataset.h). @since 0.1 */
typedef struct mfl_dataset mfl_dataset;
/** Width, input dimension, scaling, priors and activation of a two-layer network (model.h). @since 0.1 */
typedef struct mfl_model mfl_model;
/** One state of a network's weights (network.h). @since 0.1 */
typedef struct mfl_network mfl_network;
/** Markov chains that draw networks from the posterior (sampler.h). @since 0.1 */
typedef struct mfl_sampler mfl_sampler;
/** Kernel ridge regression with an infinite-width kernel (ridge.h). @since 0.1 */
typedef struct mfl_ridge mfl_ridge;
/** The spectrum of a kernel, for learning curves (spectrum.h). @since 0.1 */
typedef struct mfl_spectrum mfl_spectrum;
/** A mean-field theory of one task and model (theory.h). @since 0.1 */
typedef struct mfl_theory mfl_theory;
/** The solutions of a theory as one parameter moves (path.h). @since 0.1 */
typedef struct mfl_path mfl_path;
/** The solutions of a theory on a grid of P and kappa (diagram.h). @since 0.1 */
typedef struct mfl_diagram mfl_diagram;

/**
 * Marks a function that will go with the next major version, before #MFL_API: compilers warn where it is used, unless
 * MFL_NO_DEPRECATION_WARNINGS is defined.
 * @param version  text, the version that marked it
 * @param instead  text, what to use
 * @since 0.1
 */
#if defined(MFL_NO_DEPRECATION_WARNINGS)
#define MFL_DEPRECATED_SINCE(version, instead)
#elif defined(__GNUC__)
#define MFL_DEPRECATED_SINCE(version, instead) __attribute__((deprecated("since mflearn " version ": " instead)))
#else
#define MFL_DEPRECATED_SINCE(version, instead)
#endif

#endif
