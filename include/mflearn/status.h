/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file status.h
 * @brief Status codes: what every function returns.
 */
#ifndef MFLEARN_STATUS_H
#define MFLEARN_STATUS_H

#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The one table of status codes: X(name, value, sentence). Values never change and are never used again.
 * @since 0.1
 */
#define MFL_STATUS_TABLE(X)                                                                                  \
    X(MFL_OK, 0, "success")                                                                                  \
    X(MFL_ERROR_NULL, -1, "a pointer that must not be NULL is NULL")                                         \
    X(MFL_ERROR_ARGUMENT, -2, "an argument has a value that makes no sense here")                            \
    X(MFL_ERROR_SIZE, -3, "sizes do not match, or a size is too large to be represented")                    \
    X(MFL_ERROR_MEMORY, -4, "an allocation failed")                                                          \
    X(MFL_ERROR_STATE, -5, "the handle is not in a state that allows this call")                             \
    X(MFL_ERROR_BUSY, -6, "the context or the handle is in use by another call")                             \
    X(MFL_ERROR_CONTEXT, -7, "handles of different contexts were mixed")                                     \
    X(MFL_ERROR_HANDLE, -8, "not a live handle of the expected kind")                                        \
    X(MFL_ERROR_VERSION, -9, "the loaded library does not fit the headers of the program")                   \
    X(MFL_ERROR_FORK, -10, "the context was used before a fork and cannot be used in the child")             \
    X(MFL_ERROR_UNSUPPORTED, -11, "this build or this version cannot do that")                               \
    X(MFL_ERROR_OPTION, -12, "the handle has no option of that key or name")                                 \
    X(MFL_ERROR_OPTION_TYPE, -13, "the option has another type")                                             \
    X(MFL_ERROR_OPTION_RANGE, -14, "the value is outside the option's bounds")                               \
    X(MFL_ERROR_UNLEARNABLE, -15, "no neuron of this model can correlate with the target")                   \
    X(MFL_ERROR_NOT_FINITE, -16, "a number is infinite or not a number")                                     \
    X(MFL_ERROR_NOT_POSITIVE_DEFINITE, -17, "a matrix that must be positive definite is not")                \
    X(MFL_ERROR_DIVERGED, -18, "an iteration left the range of numbers")                                     \
    X(MFL_ERROR_CANCELLED, -19, "cancelled before there was a result")                                       \
    X(MFL_ERROR_CALLBACK, -20, "a function supplied by the caller failed")                                   \
    X(MFL_ERROR_BUFFER, -21, "the caller's buffer is too small")                                             \
    X(MFL_ERROR_TOLERANCE, -23, "the requested accuracy cannot be reached")                                  \
    X(MFL_ERROR_IO, -30, "a file could not be read or written")                                              \
    X(MFL_ERROR_FORMAT, -31, "a file is not of the expected format")                                         \
    X(MFL_ERROR_CHECKSUM, -32, "a file is damaged")                                                          \
    X(MFL_ERROR_PARSE, -33, "a text could not be understood")                                                \
    X(MFL_ERROR_INTERNAL, -99, "an internal assumption failed; please report it")

/** Status codes; functions return them as `int32_t`. @since 0.1 */
enum mfl_status {
#define MFL_STATUS_ENUM(name, value, sentence) name = value,
    MFL_STATUS_TABLE(MFL_STATUS_ENUM)
#undef MFL_STATUS_ENUM
    /** Not a status: closes the list. @since 0.1 */
    MFL_STATUS_END = 1
};

/**
 * @brief Name of a status code, such as "MFL_ERROR_ARGUMENT".
 * @param status  any number
 * @return Static text; for a number outside the table "MFL_STATUS_UNKNOWN".
 * @since 0.1
 */
MFL_API const char *mfl_status_name(int32_t status);

/**
 * @brief What a status code means, as a sentence without a final stop.
 * @param status  any number
 * @return Static text; never NULL. mfl_context_message() has the particulars of the last failure.
 * @since 0.1
 */
MFL_API const char *mfl_status_message(int32_t status);

/**
 * @brief Enumerate the table, for bindings.
 * @param index  0, 1, 2, ...
 * @param[out] status  receives the code of the entry
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT past the last entry; ::MFL_ERROR_NULL.
 * @since 0.1
 */
MFL_API int32_t mfl_status_at(size_t index, int32_t *status);

/** Why a long computation stopped; a property of its result, not an error. @since 0.1 */
enum mfl_stop {
    MFL_STOP_NONE = 0,      /**< nothing was run yet. @since 0.1 */
    MFL_STOP_CONVERGED = 1, /**< the requested accuracy was reached. @since 0.1 */
    MFL_STOP_COMPLETED = 2, /**< the requested number of steps was made. @since 0.1 */
    MFL_STOP_LIMIT = 3,     /**< a limit on work was reached before the requested accuracy. @since 0.1 */
    MFL_STOP_CANCELLED = 4, /**< the caller cancelled. @since 0.1 */
    MFL_STOP_DIVERGED = 5   /**< the numbers left their range. @since 0.1 */
};

#ifdef __cplusplus
}
#endif

#endif
