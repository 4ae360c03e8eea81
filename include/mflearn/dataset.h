/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file dataset.h
 * @brief Data sets: inputs (P x d) and targets (P), drawn from a task, from memory, or from files.
 *
 * A data set does not change after its creation. What is made from one (samplers, regressions, theories) keeps it
 * alive, so it may be destroyed at once. All numbers in it are finite.
 *
 * Threads: as for every handle, see context.h.
 */
#ifndef MFLEARN_DATASET_H
#define MFLEARN_DATASET_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a drawn data set is for; data sets of different roles are independent. @since 0.1 */
enum mfl_role {
    MFL_ROLE_TRAIN = 0,      /**< to learn from. @since 0.1 */
    MFL_ROLE_TEST = 1,       /**< to measure errors on. @since 0.1 */
    MFL_ROLE_VALIDATION = 2  /**< to choose between settings. @since 0.1 */
};

/** Does a CSV file begin with the names of its columns? @since 0.1 */
enum mfl_csv_header {
    MFL_CSV_HEADER_AUTO = 0,    /**< yes if no field of its first line is a number. @since 0.1 */
    MFL_CSV_HEADER_PRESENT = 1, /**< yes. @since 0.1 */
    MFL_CSV_HEADER_ABSENT = 2   /**< no. @since 0.1 */
};

/**
 * @brief Draw P samples of a task: x from its input law, y = f*(x) + label_noise * N(0, 1).
 *
 * A sample is a function of the context's seed, `index`, `role` and its own number alone: the first samples of a
 * larger draw are the samples of a smaller one, on any machine (inputs from a covariance: up to rounding).
 * @param task  the task
 * @param count  P >= 1
 * @param label_noise  standard deviation of the noise added to the targets, >= 0
 * @param index  number of the data set, 0 <= index < 2^24
 * @param role  ::mfl_role
 * @param[out] out  receives the data set, with noise-free targets; NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE (P d beyond 2^38); ::MFL_ERROR_MEMORY;
 *         ::MFL_ERROR_STATE and ::MFL_ERROR_UNSUPPORTED for an incomplete or impossible task;
 *         ::MFL_ERROR_CALLBACK; ::MFL_ERROR_CANCELLED. O(P d), with a covariance O(P d^2).
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_draw(const mfl_task *task, int64_t count, double label_noise, int64_t index,
                                 int32_t role, mfl_dataset **out);

/**
 * @brief Make a data set from a copy of the caller's numbers.
 * @param context  the context
 * @param rows  P >= 1
 * @param columns  d >= 1
 * @param inputs  element (mu, j) at inputs[mu * row_stride + j * column_stride]
 * @param row_stride  elements from one row to the next; row-major: d
 * @param column_stride  elements from one column to the next; row-major: 1
 * @param targets  P numbers, or NULL for inputs without targets
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE; ::MFL_ERROR_MEMORY;
 *         ::MFL_ERROR_NOT_FINITE (the message names row and column, from 0).
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_copy(mfl_context *context, int64_t rows, int64_t columns, const double *inputs,
                                 int64_t row_stride, int64_t column_stride, const double *targets,
                                 mfl_dataset **out);

/**
 * @brief Make a data set that reads its inputs where the caller keeps them; the targets are copied.
 *
 * `inputs` must stay valid and unchanged until the data set and everything made from it is destroyed; numbers are
 * checked now and not again.
 * @param context  the context
 * @param rows  P >= 1
 * @param columns  d >= 1
 * @param inputs  as in mfl_dataset_copy(); borrowed
 * @param row_stride  as in mfl_dataset_copy()
 * @param column_stride  as in mfl_dataset_copy()
 * @param targets  P numbers, copied, or NULL
 * @param[out] out  receives the data set, NULL on failure
 * @return as mfl_dataset_copy().
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_view(mfl_context *context, int64_t rows, int64_t columns, const double *inputs,
                                 int64_t row_stride, int64_t column_stride, const double *targets,
                                 mfl_dataset **out);

/**
 * @brief Read a CSV file (RFC 4180: commas, quoted fields, "" for a quote in them; LF, CR LF or CR; UTF-8 with or
 * without a byte order mark; '.' as decimal point in every locale).
 * @param context  the context
 * @param path  the file
 * @param target  name of the target's column, or its number counted from 1; NULL takes the last column; "" none:
 *     all columns are inputs, and the data set has no targets
 * @param header  ::mfl_csv_header
 * @param[out] out  receives the data set, its inputs in the order of the other columns; NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT (no such column); ::MFL_ERROR_IO; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_FORMAT (quotes, lines of different length); ::MFL_ERROR_PARSE (a missing
 *         value or something that is no number); ::MFL_ERROR_NOT_FINITE. Messages name line and column from 1.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_read_csv(mfl_context *context, const char *path, const char *target, int32_t header,
                                     mfl_dataset **out);

/**
 * @brief Read NPY files (versions 1 to 3; float32 or float64 of either byte order; C or Fortran order).
 * @param context  the context
 * @param path  a file with a P x c array (or P numbers, c = 1)
 * @param target_path  a file with the P targets, all columns of `path` being inputs; "" for the same
 *     without targets; or NULL
 * @param target_column  when `target_path` is NULL: the target's column in `path`, from 0; negative from the end
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT (no such column); ::MFL_ERROR_IO; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_FORMAT; ::MFL_ERROR_UNSUPPORTED (another element type);
 *         ::MFL_ERROR_NOT_FINITE.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_read_npy(mfl_context *context, const char *path, const char *target_path,
                                     int64_t target_column, mfl_dataset **out);

/**
 * @brief Read two named data sets of an HDF5 file, of any number type.
 *
 * Links into other files are not followed, nor are numbers read that are kept in other files. The HDF5 library itself
 * trusts its files: versions 1.10 can be made to fail by damaged ones (doc/reliability.md).
 *
 * When the HDF5 library was built without thread safety, call it from one thread of the process at a time.
 * @param context  the context
 * @param path  the file
 * @param inputs  name of the P x d inputs, such as "/train/x"
 * @param targets  name of the P targets; "" for a data set without targets
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT (no such name); ::MFL_ERROR_IO; ::MFL_ERROR_SIZE;
 *         ::MFL_ERROR_MEMORY; ::MFL_ERROR_FORMAT; ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_UNSUPPORTED if the library
 *         was built without HDF5 (mfl_version_feature()).
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_read_hdf5(mfl_context *context, const char *path, const char *inputs,
                                      const char *targets, mfl_dataset **out);

/** @brief Release a data set. @param dataset  may be NULL @since 0.1 */
MFL_API void mfl_dataset_destroy(mfl_dataset *dataset);

/**
 * @brief Copy some samples, in the given order, into a new data set.
 * @param dataset  the data set
 * @param rows  numbers of the samples, from 0; one may occur more than once
 * @param count  how many, >= 1
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_SIZE; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_take(const mfl_dataset *dataset, const int64_t *rows, int64_t count,
                                 mfl_dataset **out);

/**
 * @brief Split into a random training set and the rest.
 *
 * The permutation depends on the context's seed and `index` alone: a smaller training set is the beginning of a
 * larger one.
 * @param dataset  the data set
 * @param train_count  samples of the training set, 1 <= train_count < P
 * @param index  number of the split, 0 <= index < 2^24
 * @param[out] train  receives the training set, NULL on failure
 * @param[out] test  receives the other samples, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_split(const mfl_dataset *dataset, int64_t train_count, int64_t index,
                                  mfl_dataset **train, mfl_dataset **test);

/**
 * @brief Copy with every input column shifted to mean 0 and scaled to variance 1, and keep the shifts and scales.
 *
 * x' = (x - mean)/scale, scale the square root of the mean squared deviation. A column of equal numbers gets scale 1
 * and so becomes 0; the log sink receives a warning.
 * @param dataset  a data set that is not standardised
 * @param targets  1: the targets likewise; 0: they stay as they are
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT; ::MFL_ERROR_STATE (standardised already; targets asked
 *         for where there are none); ::MFL_ERROR_NOT_FINITE (numbers so large that their variance overflows);
 *         ::MFL_ERROR_MEMORY. O(P d).
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_standardise(const mfl_dataset *dataset, int32_t targets, mfl_dataset **out);

/**
 * @brief Apply the shifts and scales of a standardised data set to new data.
 * @param dataset  the new data, not standardised
 * @param reference  the standardised data set, or a part of it
 * @param[out] out  receives the data set, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_SIZE (different numbers of columns); ::MFL_ERROR_STATE;
 *         ::MFL_ERROR_NOT_FINITE; ::MFL_ERROR_MEMORY. O(P d).
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_standardise_like(const mfl_dataset *dataset, const mfl_dataset *reference,
                                             mfl_dataset **out);

/**
 * @brief The shifts and scales of a standardised data set: x = mean + scale x', y = target_mean + target_scale y'.
 * @param dataset  the data set
 * @param[out] mean  receives d numbers; may be NULL
 * @param[out] scale  receives d numbers; may be NULL
 * @param capacity  numbers that fit at `mean` and at `scale`, >= d
 * @param[out] target_mean  receives one number, 0 if the targets are not standardised; may be NULL
 * @param[out] target_scale  receives one number, 1 if the targets are not standardised; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_STATE if it is not standardised; ::MFL_ERROR_BUFFER.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_standardisation(const mfl_dataset *dataset, double *mean, double *scale,
                                            int64_t capacity, double *target_mean, double *target_scale);

/**
 * @brief Sizes.
 * @param dataset  the data set
 * @param[out] rows  receives P; may be NULL
 * @param[out] columns  receives d; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_shape(const mfl_dataset *dataset, int64_t *rows, int64_t *columns);

/**
 * @brief Where the inputs are: element (mu, j) at inputs[mu * row_stride + j * column_stride].
 * @param dataset  the data set
 * @param[out] inputs  receives a borrowed pointer that lives as long as the data set
 * @param[out] row_stride  receives the distance of rows, in elements
 * @param[out] column_stride  receives the distance of columns; 1 unless the data set is a view
 * @return ::MFL_OK; ::MFL_ERROR_NULL.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_inputs(const mfl_dataset *dataset, const double **inputs, int64_t *row_stride,
                                   int64_t *column_stride);

/**
 * @brief Where the targets are.
 * @param dataset  the data set
 * @param[out] targets  receives a borrowed pointer to P numbers that lives as long as the data set
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE if there are none.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_targets(const mfl_dataset *dataset, const double **targets);

/**
 * @brief Where the noise-free targets are. Only data drawn from a task have them.
 * @param dataset  the data set
 * @param[out] targets  receives a borrowed pointer to P numbers that lives as long as the data set
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_STATE if they are not known.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_clean_targets(const mfl_dataset *dataset, const double **targets);

/**
 * @brief Copy the inputs out, row-major without gaps.
 * @param dataset  the data set
 * @param[out] inputs  receives P d numbers
 * @param capacity  numbers that fit, >= P d
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_BUFFER.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_copy_inputs(const mfl_dataset *dataset, double *inputs, int64_t capacity);

/**
 * @brief Copy the targets out.
 * @param dataset  the data set
 * @param[out] targets  receives P numbers
 * @param capacity  numbers that fit, >= P
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_BUFFER; ::MFL_ERROR_STATE if there are none.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_copy_targets(const mfl_dataset *dataset, double *targets, int64_t capacity);

/**
 * @brief Name of a column.
 * @param dataset  the data set
 * @param column  0 to d - 1: an input; d: the target
 * @param[out] name  receives a borrowed text, "" if it has none, that lives as long as the data set
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_ARGUMENT.
 * @since 0.1
 */
MFL_API int32_t mfl_dataset_name(const mfl_dataset *dataset, int64_t column, const char **name);

#ifdef __cplusplus
}
#endif

#endif
