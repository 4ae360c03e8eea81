-- SPDX-License-Identifier: BSD-3-Clause
-- Written by scripts/update-bindings from include/mflearn; do not edit.
-- The library for LuaJIT: local mfl = require "mflearn"; then every function and constant by its name in C.
local ffi = require "ffi"
ffi.cdef [[
typedef struct mfl_context mfl_context;
typedef struct mfl_dataset mfl_dataset;
typedef struct mfl_diagram mfl_diagram;
typedef struct mfl_model mfl_model;
typedef struct mfl_network mfl_network;
typedef struct mfl_options mfl_options;
typedef struct mfl_path mfl_path;
typedef struct mfl_ridge mfl_ridge;
typedef struct mfl_sampler mfl_sampler;
typedef struct mfl_spectrum mfl_spectrum;
typedef struct mfl_task mfl_task;
typedef struct mfl_theory mfl_theory;
typedef void *(*mfl_allocate_fn)(size_t size, void *user_data);
typedef void (*mfl_release_fn)(void *memory, void *user_data);
typedef void (*mfl_log_fn)(int32_t level, const char *message, void *user_data);
typedef int32_t (*mfl_progress_fn)(const char *stage, double fraction, double seconds, void *user_data);
typedef int32_t (*mfl_activation_fn)(int64_t count, const double *z, double *value, double *derivative, void *user_data);
typedef int32_t (*mfl_observable_fn)(const mfl_network *network, double *value, void *user_data);
typedef int32_t (*mfl_kernel_fn)(int64_t row_count, const double *rows, int64_t column_count, const double *columns, int64_t dimension, double *kernel, int64_t kernel_stride, void *user_data);
typedef int32_t (*mfl_link_fn)(int64_t count, const double *z, double *value, void *user_data);
enum {
    MFL_OK = 0,
    MFL_ERROR_NULL = -1,
    MFL_ERROR_ARGUMENT = -2,
    MFL_ERROR_SIZE = -3,
    MFL_ERROR_MEMORY = -4,
    MFL_ERROR_STATE = -5,
    MFL_ERROR_BUSY = -6,
    MFL_ERROR_CONTEXT = -7,
    MFL_ERROR_HANDLE = -8,
    MFL_ERROR_VERSION = -9,
    MFL_ERROR_FORK = -10,
    MFL_ERROR_UNSUPPORTED = -11,
    MFL_ERROR_OPTION = -12,
    MFL_ERROR_OPTION_TYPE = -13,
    MFL_ERROR_OPTION_RANGE = -14,
    MFL_ERROR_UNLEARNABLE = -15,
    MFL_ERROR_NOT_FINITE = -16,
    MFL_ERROR_NOT_POSITIVE_DEFINITE = -17,
    MFL_ERROR_DIVERGED = -18,
    MFL_ERROR_CANCELLED = -19,
    MFL_ERROR_CALLBACK = -20,
    MFL_ERROR_BUFFER = -21,
    MFL_ERROR_TOLERANCE = -23,
    MFL_ERROR_IO = -30,
    MFL_ERROR_FORMAT = -31,
    MFL_ERROR_CHECKSUM = -32,
    MFL_ERROR_PARSE = -33,
    MFL_ERROR_INTERNAL = -99,
    MFL_STATUS_END = 1
};
enum {
    MFL_STOP_NONE = 0,
    MFL_STOP_CONVERGED = 1,
    MFL_STOP_COMPLETED = 2,
    MFL_STOP_LIMIT = 3,
    MFL_STOP_CANCELLED = 4,
    MFL_STOP_DIVERGED = 5
};
enum {
    MFL_CONTEXT_THREADS = 1001,
    MFL_CONTEXT_SEED = 1002,
    MFL_CONTEXT_INSTRUCTION_SET = 1003,
    MFL_CONTEXT_LOG_LEVEL = 1004
};
enum {
    MFL_INSTRUCTION_SET_AUTO = 0,
    MFL_INSTRUCTION_SET_BASELINE = 1,
    MFL_INSTRUCTION_SET_AVX2 = 2,
    MFL_INSTRUCTION_SET_AVX512 = 3
};
enum {
    MFL_LOG_DEBUG = 0,
    MFL_LOG_INFO = 1,
    MFL_LOG_WARNING = 2,
    MFL_LOG_NONE = 3
};
enum {
    MFL_ROLE_TRAIN = 0,
    MFL_ROLE_TEST = 1,
    MFL_ROLE_VALIDATION = 2
};
enum {
    MFL_CSV_HEADER_AUTO = 0,
    MFL_CSV_HEADER_PRESENT = 1,
    MFL_CSV_HEADER_ABSENT = 2
};
enum {
    MFL_DIAGNOSTIC_MEAN = 9001,
    MFL_DIAGNOSTIC_DEVIATION = 9002,
    MFL_DIAGNOSTIC_R_HAT = 9003,
    MFL_DIAGNOSTIC_R_HAT_BULK = 9004,
    MFL_DIAGNOSTIC_R_HAT_FOLDED = 9005,
    MFL_DIAGNOSTIC_ESS_BULK = 9006,
    MFL_DIAGNOSTIC_ESS_TAIL = 9007,
    MFL_DIAGNOSTIC_ESS_MEAN = 9008,
    MFL_DIAGNOSTIC_MCSE_MEAN = 9009,
    MFL_DIAGNOSTIC_MCSE_DEVIATION = 9010
};
enum {
    MFL_THEORY_TOLERANCE = 7001,
    MFL_THEORY_RESOLUTIONS = 7002,
    MFL_THEORY_EVALUATIONS = 7003,
    MFL_THEORY_NOISE = 7004,
    MFL_THEORY_SELF_ENERGY = 7005,
    MFL_THEORY_PRIOR = 7006,
    MFL_THEORY_ALPHA = 7007,
    MFL_THEORY_BETA = 7008,
    MFL_THEORY_SHARING = 7009,
    MFL_THEORY_DAMPING = 7010,
    MFL_THEORY_SOLVER = 7031,
    MFL_THEORY_PARTICLES = 7032,
    MFL_THEORY_STEPS = 7033,
    MFL_THEORY_INDUCED = 7034
};
enum {
    MFL_THEORY_SOLVER_QUADRATURE = 0,
    MFL_THEORY_SOLVER_PARTICLES = 1
};
enum {
    MFL_THEORY_NOISE_BARE = 0,
    MFL_THEORY_NOISE_RENORMALISED = 1
};
enum {
    MFL_THEORY_SELF_NONE = 0,
    MFL_THEORY_SELF_BARE = 1,
    MFL_THEORY_SELF_SCREENED = 2
};
enum {
    MFL_THEORY_PRIOR_ISOTROPIC = 0,
    MFL_THEORY_PRIOR_ARD = 1
};
enum {
    MFL_THEORY_MF = 0,
    MFL_THEORY_MF_ARD = 1,
    MFL_THEORY_MF_SCREENED = 2
};
enum {
    MFL_THEORY_M = 7101,
    MFL_THEORY_TEST_ERROR = 7102,
    MFL_THEORY_DRAW_ERROR = 7103,
    MFL_THEORY_WEIGHT_ON = 7104,
    MFL_THEORY_WEIGHT_OFF = 7105,
    MFL_THEORY_SPECIALISED = 7106,
    MFL_THEORY_LOG_Z = 7107,
    MFL_THEORY_FREE_ENERGY = 7108,
    MFL_THEORY_RESIDUAL = 7109,
    MFL_THEORY_EVALUATIONS_USED = 7110,
    MFL_THEORY_LAMBDA = 7111,
    MFL_THEORY_EFFECTIVE_NOISE = 7112,
    MFL_THEORY_RHO_ON = 7113,
    MFL_THEORY_RHO_OFF = 7114,
    MFL_THEORY_RESIDUAL_RHO = 7115,
    MFL_THEORY_RESIDUAL_NOISE = 7116,
    MFL_THEORY_RESIDUAL_LAMBDA = 7117,
    MFL_THEORY_LEFT_OUT = 7118
};
enum {
    MFL_THEORY_MARGINAL_ON = 0,
    MFL_THEORY_MARGINAL_OFF = 1,
    MFL_THEORY_MARGINAL_PATTERN = 2,
    MFL_THEORY_MARGINAL_ALIGNMENT = 3
};
enum {
    MFL_THEORY_SWEEPS = 7051
};
enum {
    MFL_THEORY_OVERLAP = 7151,
    MFL_THEORY_TRAIN_ERROR = 7152,
    MFL_THEORY_R_HAT = 7153,
    MFL_THEORY_PARTICLES_USED = 7154,
    MFL_THEORY_SWEEPS_USED = 7155,
    MFL_THEORY_ACCEPTANCE = 7156,
    MFL_THEORY_CONTROL = 7157,
    MFL_THEORY_EFFECTIVE = 7158
};
enum {
    MFL_MODEL_GAMMA = 2001,
    MFL_MODEL_SIGMA_W = 2002,
    MFL_MODEL_SIGMA_A = 2003,
    MFL_MODEL_ACTIVATION = 2004,
    MFL_MODEL_LEAK = 2005
};
enum {
    MFL_ACTIVATION_RELU = 0,
    MFL_ACTIVATION_LEAKY = 1,
    MFL_ACTIVATION_ERF = 2,
    MFL_ACTIVATION_TANH = 3,
    MFL_ACTIVATION_GELU = 4,
    MFL_ACTIVATION_LINEAR = 5,
    MFL_ACTIVATION_QUADRATIC = 6,
    MFL_ACTIVATION_CALLER = 7
};
enum {
    MFL_OPTION_INT = 1,
    MFL_OPTION_DOUBLE = 2,
    MFL_OPTION_CHOICE = 3
};
enum {
    MFL_PATH_SAMPLES = 0,
    MFL_PATH_KAPPA = 1,
    MFL_PATH_WIDTH = 2,
    MFL_PATH_DIMENSION = 3,
    MFL_PATH_SIGMA_W = 4,
    MFL_PATH_SIGMA_A = 5,
    MFL_PATH_ALPHA = 6
};
enum {
    MFL_PATH_STEP = 7201,
    MFL_PATH_POINTS = 7202
};
enum {
    MFL_PATH_STEEPEST = 0,
    MFL_PATH_FOLD = 1,
    MFL_PATH_PINNED = 2
};
enum {
    MFL_SAMPLER_STEP_SIZE = 5001,
    MFL_SAMPLER_STEP_FRACTION = 5002,
    MFL_SAMPLER_CHAINS = 5003,
    MFL_SAMPLER_BURN_IN = 5004,
    MFL_SAMPLER_DRAWS = 5005,
    MFL_SAMPLER_THINNING = 5006,
    MFL_SAMPLER_PRECISION = 5007,
    MFL_SAMPLER_RUN_INDEX = 5008,
    MFL_SAMPLER_FREEZE = 5009,
    MFL_SAMPLER_METHOD = 5010,
    MFL_SAMPLER_MASS = 5011,
    MFL_SAMPLER_BATCH = 5012,
    MFL_SAMPLER_GIBBS = 5013,
    MFL_SAMPLER_START = 5014,
    MFL_SAMPLER_ANNEAL_FROM = 5015,
    MFL_SAMPLER_STEP_DECAY = 5016,
    MFL_SAMPLER_STEP_DECAY_SCALE = 5017,
    MFL_SAMPLER_PATH_LENGTH = 5018,
    MFL_SAMPLER_PATH_JITTER = 5019,
    MFL_SAMPLER_FRICTION = 5020,
    MFL_SAMPLER_RUNGS = 5021,
    MFL_SAMPLER_KAPPA_HOT = 5022,
    MFL_SAMPLER_SWAP = 5023
};
enum {
    MFL_METHOD_SGLD = 0,
    MFL_METHOD_GRADIENT_DESCENT = 1,
    MFL_METHOD_MALA = 2,
    MFL_METHOD_BAOAB = 3,
    MFL_METHOD_HMC = 4
};
enum {
    MFL_MASS_AUTO = 0,
    MFL_MASS_UNIT = 1,
    MFL_MASS_PRIOR = 2,
    MFL_MASS_ADAPTIVE = 3
};
enum {
    MFL_START_PRIOR = 0,
    MFL_START_PLANTED = 1
};
enum {
    MFL_PRECISION_FLOAT32 = 0,
    MFL_PRECISION_FLOAT64 = 1
};
enum {
    MFL_FREEZE_NONE = 0,
    MFL_FREEZE_FIRST_LAYER = 1,
    MFL_FREEZE_READOUT = 2
};
enum {
    MFL_SAMPLER_TRAIN_ERROR = 5101,
    MFL_SAMPLER_TEST_ERROR = 5102,
    MFL_SAMPLER_TEST_ERROR_DRAW = 5103,
    MFL_SAMPLER_TEST_ERROR_NOISY = 5104,
    MFL_SAMPLER_ORDER_PARAMETER = 5105,
    MFL_SAMPLER_ORDER_PARAMETER_SE = 5106,
    MFL_SAMPLER_POTENTIAL = 5107,
    MFL_SAMPLER_STEP = 5108,
    MFL_SAMPLER_DRAWS_TOTAL = 5109,
    MFL_SAMPLER_STEPS_TOTAL = 5110,
    MFL_SAMPLER_STOP = 5111,
    MFL_SAMPLER_TEST_ERROR_SE = 5112,
    MFL_SAMPLER_TRAIN_ERROR_DRAW = 5113,
    MFL_SAMPLER_ACCEPTANCE = 5114,
    MFL_SAMPLER_DIVERGENCES = 5115,
    MFL_SAMPLER_GRADIENTS_TOTAL = 5116,
    MFL_SAMPLER_KAPPA = 5117,
    MFL_SAMPLER_SWAP_RATE = 5118,
    MFL_SAMPLER_ROUND_TRIPS = 5119,
    MFL_SAMPLER_LOG_EVIDENCE = 5120,
    MFL_SAMPLER_LOG_EVIDENCE_SE = 5121,
    MFL_SAMPLER_LOG_EVIDENCE_GAIN = 5122,
    MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE = 5123
};
enum {
    MFL_WEIGHT_BINS = 161
};
enum {
    MFL_TRACE_POTENTIAL = 1,
    MFL_TRACE_ORDER_PARAMETER = 2,
    MFL_TRACE_TEST_ERROR = 3,
    MFL_TRACE_RESIDUAL = 4,
    MFL_TRACE_RELEVANT_SQUARE = 5,
    MFL_TRACE_IRRELEVANT_SQUARE = 6,
    MFL_TRACE_ACCEPTANCE = 7,
    MFL_TRACE_CALLER = 100
};
enum {
    MFL_RIDGE_KERNEL = 6001,
    MFL_RIDGE_ACTIVATION = 6002,
    MFL_RIDGE_DEGREE = 6003,
    MFL_RIDGE_OFFSET = 6004,
    MFL_RIDGE_TERMS = 6005,
    MFL_RIDGE_SOLVER = 6010,
    MFL_RIDGE_MEMORY_LIMIT = 6011,
    MFL_RIDGE_TOLERANCE = 6012,
    MFL_RIDGE_ITERATIONS = 6013,
    MFL_RIDGE_RANK = 6014,
    MFL_RIDGE_STEPS = 6020,
    MFL_RIDGE_STEP_TOLERANCE = 6021
};
enum {
    MFL_RIDGE_KERNEL_NNGP = 0,
    MFL_RIDGE_KERNEL_NTK = 1,
    MFL_RIDGE_KERNEL_RBF = 2,
    MFL_RIDGE_KERNEL_POLYNOMIAL = 3,
    MFL_RIDGE_KERNEL_LINEAR = 4,
    MFL_RIDGE_KERNEL_CALLER = 5,
    MFL_RIDGE_KERNEL_PRECOMPUTED = 6
};
enum {
    MFL_RIDGE_ACTIVATION_MODEL = 0,
    MFL_RIDGE_ACTIVATION_HERMITE = 1,
    MFL_RIDGE_ACTIVATION_SIN = 2,
    MFL_RIDGE_ACTIVATION_SIGN = 3
};
enum {
    MFL_RIDGE_SOLVER_CHOLESKY = 0,
    MFL_RIDGE_SOLVER_GRADIENTS = 1
};
enum {
    MFL_RIDGE_KAPPA = 6501,
    MFL_RIDGE_SIGMA_W = 6502,
    MFL_RIDGE_SIGMA_A = 6503,
    MFL_RIDGE_KERNEL_ERROR = 6504,
    MFL_RIDGE_RESIDUAL = 6505,
    MFL_RIDGE_STEPS_DONE = 6506,
    MFL_RIDGE_STOP = 6507,
    MFL_RIDGE_RANK_USED = 6508
};
enum {
    MFL_RIDGE_VARY_KAPPA = 1,
    MFL_RIDGE_VARY_SIGMA_A = 2,
    MFL_RIDGE_VARY_SIGMA_W = 4,
    MFL_RIDGE_VARY_PRECISIONS = 8
};
enum {
    MFL_SPECTRUM_HYPERCUBE = 0,
    MFL_SPECTRUM_GAUSSIAN = 1,
    MFL_SPECTRUM_SPHERE = 2
};
enum {
    MFL_SPECTRUM_EFFECTIVE_RIDGE = 0,
    MFL_SPECTRUM_OVERFITTING = 1,
    MFL_SPECTRUM_TEST_ERROR = 2,
    MFL_SPECTRUM_TRAIN_ERROR = 3,
    MFL_SPECTRUM_RESULTS = 4
};
enum {
    MFL_TASK_INPUT_LAW = 3001
};
enum {
    MFL_INPUT_HYPERCUBE = 0,
    MFL_INPUT_GAUSSIAN = 1,
    MFL_INPUT_SPHERE = 2,
    MFL_INPUT_CORRELATED = 3
};
enum {
    MFL_TASK_PARITY = 1,
    MFL_TASK_HERMITE = 2,
    MFL_TASK_RELU = 3,
    MFL_TASK_CALLER = 4,
    MFL_TASK_SUM = 5
};
const char *mfl_status_name(int32_t status);
const char *mfl_status_message(int32_t status);
int32_t mfl_status_at(size_t index, int32_t *status);
int32_t mfl_context_create(mfl_context **out);
int32_t mfl_context_create_with_allocator(mfl_allocate_fn allocate, mfl_release_fn release, void *user_data, mfl_context **out);
void mfl_context_destroy(mfl_context *context);
int32_t mfl_context_options(mfl_context *context, mfl_options **options);
const char *mfl_context_message(const mfl_context *context);
int32_t mfl_context_set_log(mfl_context *context, mfl_log_fn log, void *user_data);
int32_t mfl_context_set_progress(mfl_context *context, mfl_progress_fn progress, void *user_data);
void mfl_context_cancel(mfl_context *context);
int32_t mfl_context_resume(mfl_context *context);
int32_t mfl_context_instruction_set(const mfl_context *context, int32_t *instruction_set, const char **name);
int32_t mfl_context_threads(const mfl_context *context, int32_t *threads);
int32_t mfl_context_provenance(const mfl_context *context, char *text, size_t capacity, size_t *needed);
int32_t mfl_dataset_draw(const mfl_task *task, int64_t count, double label_noise, int64_t index, int32_t role, mfl_dataset **out);
int32_t mfl_dataset_copy(mfl_context *context, int64_t rows, int64_t columns, const double *inputs, int64_t row_stride, int64_t column_stride, const double *targets, mfl_dataset **out);
int32_t mfl_dataset_view(mfl_context *context, int64_t rows, int64_t columns, const double *inputs, int64_t row_stride, int64_t column_stride, const double *targets, mfl_dataset **out);
int32_t mfl_dataset_read_csv(mfl_context *context, const char *path, const char *target, int32_t header, mfl_dataset **out);
int32_t mfl_dataset_read_npy(mfl_context *context, const char *path, const char *target_path, int64_t target_column, mfl_dataset **out);
int32_t mfl_dataset_read_hdf5(mfl_context *context, const char *path, const char *inputs, const char *targets, mfl_dataset **out);
void mfl_dataset_destroy(mfl_dataset *dataset);
int32_t mfl_dataset_take(const mfl_dataset *dataset, const int64_t *rows, int64_t count, mfl_dataset **out);
int32_t mfl_dataset_split(const mfl_dataset *dataset, int64_t train_count, int64_t index, mfl_dataset **train, mfl_dataset **test);
int32_t mfl_dataset_standardise(const mfl_dataset *dataset, int32_t targets, mfl_dataset **out);
int32_t mfl_dataset_standardise_like(const mfl_dataset *dataset, const mfl_dataset *reference, mfl_dataset **out);
int32_t mfl_dataset_standardisation(const mfl_dataset *dataset, double *mean, double *scale, int64_t capacity, double *target_mean, double *target_scale);
int32_t mfl_dataset_shape(const mfl_dataset *dataset, int64_t *rows, int64_t *columns);
int32_t mfl_dataset_inputs(const mfl_dataset *dataset, const double **inputs, int64_t *row_stride, int64_t *column_stride);
int32_t mfl_dataset_targets(const mfl_dataset *dataset, const double **targets);
int32_t mfl_dataset_clean_targets(const mfl_dataset *dataset, const double **targets);
int32_t mfl_dataset_copy_inputs(const mfl_dataset *dataset, double *inputs, int64_t capacity);
int32_t mfl_dataset_copy_targets(const mfl_dataset *dataset, double *targets, int64_t capacity);
int32_t mfl_dataset_name(const mfl_dataset *dataset, int64_t column, const char **name);
int32_t mfl_diagnose(mfl_context *context, const double *values, int64_t chains, int64_t draws, int64_t stride, const int32_t *keys, int64_t count, double *results);
int32_t mfl_diagnose_quantiles(mfl_context *context, const double *values, int64_t chains, int64_t draws, int64_t stride, const double *probabilities, int64_t count, double *quantiles, double *ess, double *mcse);
int32_t mfl_diagram_create(mfl_theory *theory, const double *samples, int64_t sample_count, const double *kappas, int64_t kappa_count, mfl_diagram **out);
void mfl_diagram_destroy(mfl_diagram *diagram);
int32_t mfl_diagram_point(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t *branches, int32_t *converged);
int32_t mfl_diagram_get(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch, int32_t key, double *value, double *error);
int32_t mfl_diagram_get_mode(const mfl_diagram *diagram, int64_t sample, int64_t kappa, int32_t branch, int64_t mode, int32_t key, double *value, double *error);
int32_t mfl_theory_create(mfl_context *context, const mfl_task *task, const mfl_model *model, mfl_theory **out);
void mfl_theory_destroy(mfl_theory *theory);
int32_t mfl_theory_options(mfl_theory *theory, mfl_options **options);
int32_t mfl_theory_use(mfl_theory *theory, int32_t preset);
int32_t mfl_theory_solve(mfl_theory *theory, double samples, double kappa);
int32_t mfl_theory_stop(const mfl_theory *theory, int32_t *stop);
int32_t mfl_theory_branches(const mfl_theory *theory, int32_t *count);
int32_t mfl_theory_select(mfl_theory *theory, int32_t branch);
int32_t mfl_theory_result_at(const mfl_theory *theory, size_t index, int32_t *key, const char **name, const char **summary);
int32_t mfl_theory_get(const mfl_theory *theory, int32_t key, double *value, double *error);
int32_t mfl_theory_sample(mfl_theory *theory, int64_t first, int64_t count, double *weights, int64_t row_stride, double *readouts);
int32_t mfl_theory_marginal(mfl_theory *theory, int32_t kind, int64_t draws, const double *grid, int64_t count, double *density, double *error);
int32_t mfl_theory_marginal_along(mfl_theory *theory, const double *direction, int64_t variables, int64_t draws, const double *grid, int64_t count, double *density, double *error);
int32_t mfl_theory_finite(mfl_theory *theory, int64_t draws, double *m, double *difference, double *error);
int32_t mfl_theory_finite_modes(mfl_theory *theory, int64_t draws, int64_t count, double *m, double *difference, double *error);
int32_t mfl_theory_mode_count(const mfl_theory *theory, int64_t *count);
int32_t mfl_theory_mode(const mfl_theory *theory, int64_t mode, int64_t *degrees, int64_t capacity, int64_t *across, double *target);
int32_t mfl_theory_get_mode(const mfl_theory *theory, int64_t mode, int32_t key, double *value, double *error);
int32_t mfl_theory_get_variable(const mfl_theory *theory, int64_t variable, int32_t key, double *value, double *error);
int32_t mfl_theory_create_empirical(mfl_context *context, const mfl_model *model, const mfl_dataset *train, const mfl_task *task, mfl_theory **out);
int32_t mfl_theory_set_checkpoint(mfl_theory *theory, const char *path, double seconds);
int32_t mfl_theory_resume(mfl_theory *theory, const char *path, double seconds);
int32_t mfl_theory_predict(mfl_theory *theory, const double *inputs, int64_t count, int64_t stride, double *mean, double *variance);
int32_t mfl_theory_test(mfl_theory *theory, const mfl_dataset *test, double *error);
int32_t mfl_theory_relevances(const mfl_theory *theory, double *relevance, double *error, int64_t *order, int64_t capacity);
int32_t mfl_theory_select_inputs(const mfl_theory *theory, double rate, int32_t *selected, int64_t capacity, double *threshold);
int32_t mfl_model_create(mfl_context *context, int64_t dimension, int64_t width, mfl_model **out);
void mfl_model_destroy(mfl_model *model);
int32_t mfl_model_options(mfl_model *model, mfl_options **options);
int32_t mfl_model_set_activation(mfl_model *model, mfl_activation_fn activation, void *user_data);
int32_t mfl_model_shape(const mfl_model *model, int64_t *dimension, int64_t *width);
int32_t mfl_model_check_task(const mfl_model *model, const mfl_task *task);
int32_t mfl_network_create(const mfl_model *model, mfl_network **out);
void mfl_network_destroy(mfl_network *network);
int32_t mfl_network_set_activation(mfl_network *network, mfl_activation_fn activation, void *user_data);
int32_t mfl_network_draw_prior(mfl_network *network, int64_t index);
int32_t mfl_network_plant(mfl_network *network, const mfl_task *task);
int32_t mfl_network_shape(const mfl_network *network, int64_t *dimension, int64_t *width);
int32_t mfl_network_set_weights(mfl_network *network, const double *weights, int64_t stride, const double *readout);
int32_t mfl_network_copy_weights(const mfl_network *network, double *weights, int64_t stride, double *readout);
int32_t mfl_network_forward(const mfl_network *network, const double *inputs, int64_t rows, int64_t stride, double *predictions);
int32_t mfl_network_potential(const mfl_network *network, const mfl_dataset *dataset, double kappa, double *potential, double *weights_gradient, int64_t stride, double *readout_gradient);
int32_t mfl_network_order_parameter(const mfl_network *network, const mfl_task *task, double *order_parameter);
int32_t mfl_network_measure_order_parameter(const mfl_network *network, const mfl_task *task, const mfl_dataset *dataset, double *order_parameter, double *standard_error);
int32_t mfl_network_save(const mfl_network *network, const char *path);
int32_t mfl_network_load(mfl_context *context, const char *path, mfl_network **out);
int32_t mfl_options_count(const mfl_options *options, size_t *count);
int32_t mfl_options_key(const mfl_options *options, size_t index, int32_t *key);
int32_t mfl_options_find(const mfl_options *options, const char *name, int32_t *key);
int32_t mfl_options_describe(const mfl_options *options, int32_t key, int32_t *type, const char **name, const char **summary, const char **choices);
int32_t mfl_options_bounds_int(const mfl_options *options, int32_t key, int64_t *least, int64_t *most, int64_t *standard);
int32_t mfl_options_bounds_double(const mfl_options *options, int32_t key, double *least, double *most, double *standard);
int32_t mfl_options_set_int(mfl_options *options, int32_t key, int64_t value);
int32_t mfl_options_set_double(mfl_options *options, int32_t key, double value);
int32_t mfl_options_set_text(mfl_options *options, const char *name, const char *text);
int32_t mfl_options_get_int(const mfl_options *options, int32_t key, int64_t *value);
int32_t mfl_options_get_double(const mfl_options *options, int32_t key, double *value);
int32_t mfl_options_is_set(const mfl_options *options, int32_t key, int32_t *set);
int32_t mfl_options_reset(mfl_options *options, int32_t key);
int32_t mfl_options_write(const mfl_options *options, char *text, size_t capacity, size_t *needed);
int32_t mfl_path_create(mfl_theory *theory, mfl_path **out);
void mfl_path_destroy(mfl_path *path);
int32_t mfl_path_options(mfl_path *path, mfl_options **options);
int32_t mfl_path_follow(mfl_path *path, int32_t parameter, double from, double to, double samples, double kappa);
int32_t mfl_path_stop(const mfl_path *path, int32_t *stop);
int32_t mfl_path_branches(const mfl_path *path, int32_t *count);
int32_t mfl_path_branch(const mfl_path *path, int32_t branch, int32_t *points, int32_t *stable, int32_t *curve);
int32_t mfl_path_point(const mfl_path *path, int32_t branch, int32_t point, double *value, int32_t *stop);
int32_t mfl_path_get(const mfl_path *path, int32_t branch, int32_t point, int32_t key, double *value, double *error);
int32_t mfl_path_get_mode(const mfl_path *path, int32_t branch, int32_t point, int64_t mode, int32_t key, double *value, double *error);
int32_t mfl_path_folds(const mfl_path *path, int32_t *count);
int32_t mfl_path_fold(const mfl_path *path, int32_t fold, int32_t *branch, double *value, double *error);
int32_t mfl_path_fold_get(const mfl_path *path, int32_t fold, int32_t key, double *value, double *error);
int32_t mfl_path_transitions(const mfl_path *path, int32_t *count);
int32_t mfl_path_transition(const mfl_path *path, int32_t transition, int32_t *branch, int32_t *other, double *value, double *error);
int32_t mfl_path_critical(mfl_path *path, int32_t criterion, double *value, double *error);
int32_t mfl_sampler_create(const mfl_model *model, const mfl_dataset *dataset, double kappa, mfl_sampler **out);
void mfl_sampler_destroy(mfl_sampler *sampler);
int32_t mfl_sampler_options(mfl_sampler *sampler, mfl_options **options);
int32_t mfl_sampler_set_test(mfl_sampler *sampler, const mfl_dataset *dataset);
int32_t mfl_sampler_set_task(mfl_sampler *sampler, const mfl_task *task);
int32_t mfl_sampler_set_start(mfl_sampler *sampler, const mfl_network *network);
int32_t mfl_sampler_add_observable(mfl_sampler *sampler, mfl_observable_fn observable, void *user_data, int32_t *kind);
int32_t mfl_sampler_run(mfl_sampler *sampler);
int32_t mfl_sampler_step(mfl_sampler *sampler, int64_t steps);
int32_t mfl_sampler_get(const mfl_sampler *sampler, int32_t key, double *value);
int32_t mfl_sampler_get_rung(const mfl_sampler *sampler, int64_t rung, int32_t key, double *value);
int32_t mfl_sampler_predictions(const mfl_sampler *sampler, double *mean, double *deviation, int64_t capacity);
int32_t mfl_sampler_second_moments(const mfl_sampler *sampler, double *moments, int64_t capacity);
int32_t mfl_sampler_weight_histogram(const mfl_sampler *sampler, double *shares, int64_t capacity);
int32_t mfl_sampler_trace(const mfl_sampler *sampler, int32_t kind, int64_t chain, double *values, int64_t capacity, int64_t *count);
int32_t mfl_sampler_diagnose(const mfl_sampler *sampler, int32_t kind, const int32_t *keys, int64_t count, double *results);
int32_t mfl_sampler_diagnose_rung(const mfl_sampler *sampler, int64_t rung, int32_t kind, const int32_t *keys, int64_t count, double *results);
int32_t mfl_sampler_write_traces(const mfl_sampler *sampler, const char *path);
int32_t mfl_sampler_network(const mfl_sampler *sampler, int64_t chain, mfl_network **out);
int32_t mfl_sampler_set_network(mfl_sampler *sampler, int64_t chain, const mfl_network *network);
int32_t mfl_sampler_save(mfl_sampler *sampler, const char *path);
int32_t mfl_sampler_load(mfl_sampler *sampler, const char *path);
int32_t mfl_ridge_create(const mfl_model *model, mfl_ridge **out);
void mfl_ridge_destroy(mfl_ridge *ridge);
int32_t mfl_ridge_options(mfl_ridge *ridge, mfl_options **options);
int32_t mfl_ridge_set_kernel(mfl_ridge *ridge, mfl_kernel_fn kernel, void *user_data);
int32_t mfl_ridge_set_precisions(mfl_ridge *ridge, const double *rho, int64_t count);
int32_t mfl_ridge_precisions(const mfl_ridge *ridge, double *rho, int64_t capacity);
int32_t mfl_ridge_memory(const mfl_ridge *ridge, int64_t samples, size_t *bytes);
int32_t mfl_ridge_kernel(const mfl_ridge *ridge, const double *rows, int64_t row_count, int64_t row_stride, const double *columns, int64_t column_count, int64_t column_stride, double *kernel, int64_t kernel_stride);
int32_t mfl_ridge_kernel_error(const mfl_ridge *ridge, const double *inputs, int64_t count, int64_t stride, double *error);
int32_t mfl_ridge_fit(mfl_ridge *ridge, const mfl_dataset *train, double kappa);
int32_t mfl_ridge_predict(const mfl_ridge *ridge, const double *inputs, int64_t count, int64_t stride, double *mean, double *variance);
int32_t mfl_ridge_log_evidence(const mfl_ridge *ridge, double *log_evidence);
int32_t mfl_ridge_weights(const mfl_ridge *ridge, double *weights, int64_t capacity);
int32_t mfl_ridge_shape(const mfl_ridge *ridge, int64_t *samples, int64_t *dimension);
int32_t mfl_ridge_get(const mfl_ridge *ridge, int32_t key, double *value);
int32_t mfl_ridge_fit_matrix(mfl_ridge *ridge, int64_t samples, const double *kernel, int64_t stride, const double *targets, double kappa);
int32_t mfl_ridge_predict_matrix(const mfl_ridge *ridge, const double *cross, int64_t count, int64_t stride, const double *prior, double *mean, double *variance);
int32_t mfl_ridge_covariance(const mfl_ridge *ridge, const double *inputs, int64_t count, int64_t stride, double *covariance, int64_t covariance_stride);
int32_t mfl_ridge_solve(const mfl_ridge *ridge, const double *targets, int64_t count, int64_t stride, double *weights, int64_t weight_stride);
int32_t mfl_ridge_leave_one_out(const mfl_ridge *ridge, double *mean, double *variance, int64_t capacity);
int32_t mfl_ridge_cross_validate(const mfl_ridge *ridge, const int64_t *fold, int64_t folds, double *mean, int64_t capacity);
int32_t mfl_ridge_path(const mfl_ridge *ridge, const mfl_dataset *train, const double *kappas, int64_t count, double *log_evidence, double *error);
int32_t mfl_ridge_gradient(const mfl_ridge *ridge, double *log_kappa, double *log_sigma_a, double *log_sigma_w, double *log_rho, int64_t capacity);
int32_t mfl_ridge_optimise(mfl_ridge *ridge, const mfl_dataset *train, double kappa, int32_t vary);
int32_t mfl_spectrum_create(mfl_context *context, int64_t count, const double *values, const double *multiplicities, double rest, mfl_spectrum **out);
int32_t mfl_spectrum_of_kernel(const mfl_ridge *ridge, int32_t law, int64_t degrees, mfl_spectrum **out);
int32_t mfl_spectrum_of_task(const mfl_ridge *ridge, const mfl_task *task, int64_t degrees, mfl_spectrum **out);
int32_t mfl_spectrum_of_data(const mfl_ridge *ridge, const mfl_dataset *dataset, mfl_spectrum **out);
void mfl_spectrum_destroy(mfl_spectrum *spectrum);
int32_t mfl_spectrum_shape(const mfl_spectrum *spectrum, int64_t *count, double *rest);
int32_t mfl_spectrum_read(const mfl_spectrum *spectrum, double *values, double *multiplicities, double *power, int64_t capacity);
int32_t mfl_spectrum_degrees(const mfl_spectrum *spectrum, int64_t *degrees, int64_t capacity);
int32_t mfl_spectrum_error(const mfl_spectrum *spectrum, double *error);
int32_t mfl_spectrum_learn(const mfl_spectrum *spectrum, const double *power, double samples, double ridge, double noise, double *results, double *learnability, int64_t capacity);
int32_t mfl_task_create_parity(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out);
int32_t mfl_task_create_hermite(mfl_context *context, int64_t dimension, int64_t degree, mfl_task **out);
int32_t mfl_task_create_relu(mfl_context *context, int64_t dimension, mfl_task **out);
int32_t mfl_task_create_caller(mfl_context *context, int64_t dimension, mfl_link_fn link, void *user_data, mfl_task **out);
int32_t mfl_task_create_sum(mfl_context *context, int64_t dimension, int64_t variables, int64_t terms, const int64_t *degrees, const double *coefficients, mfl_task **out);
void mfl_task_destroy(mfl_task *task);
int32_t mfl_task_options(mfl_task *task, mfl_options **options);
int32_t mfl_task_set_support(mfl_task *task, const int64_t *support, int64_t count);
int32_t mfl_task_set_direction(mfl_task *task, const double *direction, int64_t count);
int32_t mfl_task_set_directions(mfl_task *task, const double *directions, int64_t count, int64_t dimension, int64_t row_stride);
int32_t mfl_task_set_covariance(mfl_task *task, const double *covariance, int64_t dimension, int64_t row_stride);
int32_t mfl_task_shape(const mfl_task *task, int32_t *kind, int64_t *dimension, int64_t *degree);
int32_t mfl_task_evaluate(const mfl_task *task, int64_t rows, const double *inputs, int64_t row_stride, double *targets);
int32_t mfl_task_moments(const mfl_task *task, double *mean, double *mean_square, double *error);
const char *mfl_version_string(void);
int32_t mfl_version(int32_t *major, int32_t *minor, int32_t *patch);
int32_t mfl_version_check(int32_t major, int32_t minor);
int32_t mfl_version_feature(const char *name, int32_t *present);
]]
return ffi.load(os.getenv "MFLEARN_LIBRARY" or "libmflearn.so.1")
