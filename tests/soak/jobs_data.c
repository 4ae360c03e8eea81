/* SPDX-License-Identifier: BSD-3-Clause */
/* Jobs about data: kernel ridge regression, spectra, and files of every format. */
#include <stdio.h>

#include "soak.h"

enum { d = 10, rows = 90 };

static mfl_dataset *draw(worker *self, int64_t count, int32_t role)
{
    mfl_task *task;
    mfl_dataset *data;
    DO(mfl_task_create_hermite(self->context, d, 2, &task));
    DO(mfl_dataset_draw(task, count, 0.1, 0, role, &data));
    mfl_task_destroy(task);
    return data;
}

static mfl_ridge *make_ridge(worker *self, const char *settings)
{
    mfl_model *model;
    mfl_ridge *ridge;
    mfl_options *options;
    DO(mfl_model_create(self->context, d, 0, &model));
    DO(mfl_ridge_create(model, &ridge));
    DO(mfl_ridge_options(ridge, &options));
    soak_set(self, options, settings);
    mfl_model_destroy(model);
    return ridge;
}

void job_ridge(worker *self, int variant)
{
    static const char *const settings[] = {"kernel=nngp", "kernel=rbf", "kernel=ntk", "solver=gradients,rank=20"};
    static const double kappas[] = {0.1, 0.3, 1.0};
    double mean[20], variance[20], loo[rows], evidence[3], error[3];
    const double *inputs;
    int64_t stride, column;
    mfl_dataset *train = draw(self, rows, MFL_ROLE_TRAIN), *test = draw(self, 20, MFL_ROLE_TEST);
    mfl_ridge *ridge = make_ridge(self, settings[variant]);
    DO(mfl_dataset_inputs(test, &inputs, &stride, &column));
    if (variant == 1)
        DO(mfl_ridge_optimise(ridge, train, 0.3, MFL_RIDGE_VARY_KAPPA | MFL_RIDGE_VARY_PRECISIONS));
    else
        DO(mfl_ridge_fit(ridge, train, 0.3));
    DO(mfl_ridge_predict(ridge, inputs, 20, stride, mean, variant == 3 ? NULL : variance));
    soak_found_all(self, mean, 20);
    if (variant < 3) {
        soak_found_all(self, variance, 20);
        DO(mfl_ridge_leave_one_out(ridge, loo, NULL, rows));
        soak_found_all(self, loo, 20);
        DO(mfl_ridge_path(ridge, train, kappas, 3, evidence, error));
        soak_found_all(self, evidence, 3);
    }
    mfl_ridge_destroy(ridge);
    mfl_dataset_destroy(test);
    mfl_dataset_destroy(train);
}

void job_spectrum(worker *self, int variant)
{
    double results[MFL_SPECTRUM_RESULTS], power[rows];
    mfl_ridge *ridge = make_ridge(self, "kernel=nngp");
    mfl_spectrum *spectrum;
    if (variant) {
        mfl_dataset *train = draw(self, rows, MFL_ROLE_TRAIN);
        DO(mfl_spectrum_of_data(ridge, train, &spectrum));
        mfl_dataset_destroy(train);
    } else {
        mfl_task *task;
        DO(mfl_task_create_hermite(self->context, d, 2, &task));
        DO(mfl_spectrum_of_task(ridge, task, 6, &spectrum));
        mfl_task_destroy(task);
    }
    DO(mfl_spectrum_learn(spectrum, NULL, 70.0, 0.09, 0.01, results, power, rows));
    soak_found_all(self, results, MFL_SPECTRUM_RESULTS);
    mfl_spectrum_destroy(spectrum);
    mfl_ridge_destroy(ridge);
}

static void write_csv(const char *path, const double *inputs, const double *targets)
{
    FILE *file = fopen(path, "w");
    MUST(file);
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < d; j++)
            fprintf(file, "%.17g,", inputs[i * d + j]);
        fprintf(file, "%.17g\n", targets[i]);
    }
    MUST(fclose(file) == 0);
}

/* float64, C order; 118 (a v) bytes of header follow the first ten. */
static void write_npy(const char *path, const double *inputs)
{
    char header[129];
    const int length = snprintf(header, sizeof header, "%cNUMPY%c%cv%c%-117s\n", 0x93, 1, 0, 0,
                                "{'descr': '<f8', 'fortran_order': False, 'shape': (90, 10), }");
    FILE *file = fopen(path, "w");
    MUST(file && length == 128);
    MUST(fwrite(header, 1, 128, file) == 128 && fwrite(inputs, sizeof(double), rows * d, file) == rows * d);
    MUST(fclose(file) == 0);
}

void job_files(worker *self, int variant)
{
    static const char *const names[] = {"data.csv", "data.npy"};
    static const int64_t picked[] = {2, 0, 2};
    double inputs[rows * d], targets[rows], part[3 * d], mean[d], scale[d];
    mfl_dataset *data, *standard, *few, *left, *right;
    if (variant < 2) {
        mfl_dataset *drawn = draw(self, rows, MFL_ROLE_TRAIN);
        DO(mfl_dataset_copy_inputs(drawn, inputs, rows * d));
        DO(mfl_dataset_copy_targets(drawn, targets, rows));
        mfl_dataset_destroy(drawn);
    }
    if (variant == 0) {
        write_csv(soak_path(self, names[0]), inputs, targets);
        DO(mfl_dataset_read_csv(self->context, soak_path(self, names[0]), NULL, MFL_CSV_HEADER_AUTO, &data));
    } else if (variant == 1) {
        write_npy(soak_path(self, names[1]), inputs);
        DO(mfl_dataset_read_npy(self->context, soak_path(self, names[1]), NULL, -1, &data));
    } else
        DO(mfl_dataset_read_hdf5(self->context, SOAK_HDF5_FILE, "/x", "/y", &data));
    if (variant < 2)
        soak_remove(self, names[variant]);
    int64_t count, columns;
    DO(mfl_dataset_shape(data, &count, &columns));
    DO(mfl_dataset_standardise(data, 1, &standard));
    DO(mfl_dataset_standardisation(standard, mean, scale, d, NULL, NULL));
    soak_found_all(self, scale, (size_t)columns);
    DO(mfl_dataset_take(standard, picked, 3, &few));
    DO(mfl_dataset_copy_inputs(few, part, 3 * d));
    soak_found_all(self, part, (size_t)(3 * columns));
    DO(mfl_dataset_split(standard, count / 2, 0, &left, &right));
    DO(mfl_dataset_copy_targets(right, targets, rows));
    soak_found(self, targets[0]);
    mfl_dataset_destroy(right);
    mfl_dataset_destroy(left);
    mfl_dataset_destroy(few);
    mfl_dataset_destroy(standard);
    mfl_dataset_destroy(data);
}
