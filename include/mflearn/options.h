/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file options.h
 * @brief The one mechanism by which every handle is configured.
 *
 * An option has a numeric key that never changes, a name, a type, bounds and a default. Keys of the context start at
 * 1000, of models at 2000, tasks 3000, data sets 4000, samplers 5000, ridge 6000, theories 7000. A binding can
 * enumerate them. Options that were never set follow the library's defaults, which may improve between versions;
 * options that were set keep their value.
 */
#ifndef MFLEARN_OPTIONS_H
#define MFLEARN_OPTIONS_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Types of options. @since 0.1 */
enum mfl_option_type {
    MFL_OPTION_INT = 1,    /**< a 64-bit integer. @since 0.1 */
    MFL_OPTION_DOUBLE = 2, /**< a finite number. @since 0.1 */
    MFL_OPTION_CHOICE = 3  /**< an integer whose values have names, counted from 0. @since 0.1 */
};

/**
 * @brief Number of options of a handle.
 * @param options  the options
 * @param[out] count  receives the number
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_options_count(const mfl_options *options, size_t *count);

/**
 * @brief Key of the option at a position.
 * @param options  the options
 * @param index  from 0 to count - 1
 * @param[out] key  receives the key
 * @return ::MFL_OK; ::MFL_ERROR_ARGUMENT past the end.
 * @since 0.1
 */
MFL_API int32_t mfl_options_key(const mfl_options *options, size_t index, int32_t *key);

/**
 * @brief Key of the option of a name.
 * @param options  the options
 * @param name  for example "step_size"
 * @param[out] key  receives the key
 * @return ::MFL_OK; ::MFL_ERROR_OPTION if there is none.
 * @since 0.1
 */
MFL_API int32_t mfl_options_find(const mfl_options *options, const char *name, int32_t *key);

/**
 * @brief Type, name and meaning of an option.
 * @param options  the options
 * @param key  its key
 * @param[out] type  receives ::mfl_option_type; may be NULL
 * @param[out] name  receives static text; may be NULL
 * @param[out] summary  receives static text, one sentence; may be NULL
 * @param[out] choices  receives the names of a choice separated by '|', "" for other types; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_OPTION.
 * @since 0.1
 */
MFL_API int32_t mfl_options_describe(const mfl_options *options, int32_t key, int32_t *type,
                                     const char **name, const char **summary, const char **choices);

/**
 * @brief Inclusive bounds and default of an integer option or a choice.
 * @param options  the options
 * @param key  its key
 * @param[out] least  receives the lower bound; may be NULL
 * @param[out] most  receives the upper bound; may be NULL
 * @param[out] standard  receives the default; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_OPTION_TYPE.
 * @since 0.1
 */
MFL_API int32_t mfl_options_bounds_int(const mfl_options *options, int32_t key, int64_t *least, int64_t *most,
                                       int64_t *standard);

/**
 * @brief Inclusive bounds and default of a number.
 * @param options  the options
 * @param key  its key
 * @param[out] least  receives the lower bound; may be NULL
 * @param[out] most  receives the upper bound; may be NULL
 * @param[out] standard  receives the default; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_OPTION_TYPE.
 * @since 0.1
 */
MFL_API int32_t mfl_options_bounds_double(const mfl_options *options, int32_t key, double *least,
                                          double *most, double *standard);

/**
 * @brief Set an integer option or a choice.
 * @param options  the options
 * @param key  its key
 * @param value  the value
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_OPTION_TYPE; ::MFL_ERROR_OPTION_RANGE; ::MFL_ERROR_STATE where the
 *         handle can no longer change it; ::MFL_ERROR_UNSUPPORTED for an instruction set this processor lacks.
 * @since 0.1
 */
MFL_API int32_t mfl_options_set_int(mfl_options *options, int32_t key, int64_t value);

/**
 * @brief Set a number.
 * @param options  the options
 * @param key  its key
 * @param value  the value, finite
 * @return as mfl_options_set_int().
 * @since 0.1
 */
MFL_API int32_t mfl_options_set_double(mfl_options *options, int32_t key, double value);

/**
 * @brief Set an option of any type from text, as a command line gives it.
 * @param options  the options
 * @param name  the option's name
 * @param text  a number, or the name of a choice
 * @return as mfl_options_set_int(), and ::MFL_ERROR_PARSE.
 * @since 0.1
 */
MFL_API int32_t mfl_options_set_text(mfl_options *options, const char *name, const char *text);

/**
 * @brief Read an integer option or a choice.
 * @param options  the options
 * @param key  its key
 * @param[out] value  receives the value set, or the default
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_OPTION_TYPE.
 * @since 0.1
 */
MFL_API int32_t mfl_options_get_int(const mfl_options *options, int32_t key, int64_t *value);

/**
 * @brief Read a number.
 * @param options  the options
 * @param key  its key
 * @param[out] value  receives the value set, or the default
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_OPTION_TYPE.
 * @since 0.1
 */
MFL_API int32_t mfl_options_get_double(const mfl_options *options, int32_t key, double *value);

/**
 * @brief Was the option set, and not reset since?
 * @param options  the options
 * @param key  its key
 * @param[out] set  receives 1 or 0
 * @return ::MFL_OK; ::MFL_ERROR_OPTION.
 * @since 0.1
 */
MFL_API int32_t mfl_options_is_set(const mfl_options *options, int32_t key, int32_t *set);

/**
 * @brief Go back to the default.
 * @param options  the options
 * @param key  its key
 * @return ::MFL_OK; ::MFL_ERROR_OPTION; ::MFL_ERROR_STATE where the handle can no longer change it.
 * @since 0.1
 */
MFL_API int32_t mfl_options_reset(mfl_options *options, int32_t key);

/**
 * @brief All options and their values as text, "name=value,name=value".
 * @param options  the options
 * @param[out] text  receives NUL-terminated text; may be NULL when capacity is 0
 * @param capacity  bytes at `text`
 * @param[out] needed  receives the bytes that the whole text takes, with its NUL; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_BUFFER if it did not fit (`text` holds what did).
 * @since 0.1
 */
MFL_API int32_t mfl_options_write(const mfl_options *options, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
