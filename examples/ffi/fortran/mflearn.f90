! SPDX-License-Identifier: BSD-3-Clause
! Written by scripts/update-bindings from include/mflearn; do not edit.
! The library in Fortran: every function as in C, with c_ptr for handles and c_funloc() of a bind(c)
! procedure for callbacks (the abstract interfaces). Fortran does not tell capitals from small letters:
! constants that are named as a function is end in _CONSTANT. Texts end with c_null_char.
module mflearn
    use, intrinsic :: iso_c_binding
    implicit none
    public

    integer(c_int32_t), parameter, public :: MFL_OK = 0
    integer(c_int32_t), parameter, public :: MFL_ERROR_NULL = -1
    integer(c_int32_t), parameter, public :: MFL_ERROR_ARGUMENT = -2
    integer(c_int32_t), parameter, public :: MFL_ERROR_SIZE = -3
    integer(c_int32_t), parameter, public :: MFL_ERROR_MEMORY = -4
    integer(c_int32_t), parameter, public :: MFL_ERROR_STATE = -5
    integer(c_int32_t), parameter, public :: MFL_ERROR_BUSY = -6
    integer(c_int32_t), parameter, public :: MFL_ERROR_CONTEXT = -7
    integer(c_int32_t), parameter, public :: MFL_ERROR_HANDLE = -8
    integer(c_int32_t), parameter, public :: MFL_ERROR_VERSION = -9
    integer(c_int32_t), parameter, public :: MFL_ERROR_FORK = -10
    integer(c_int32_t), parameter, public :: MFL_ERROR_UNSUPPORTED = -11
    integer(c_int32_t), parameter, public :: MFL_ERROR_OPTION = -12
    integer(c_int32_t), parameter, public :: MFL_ERROR_OPTION_TYPE = -13
    integer(c_int32_t), parameter, public :: MFL_ERROR_OPTION_RANGE = -14
    integer(c_int32_t), parameter, public :: MFL_ERROR_UNLEARNABLE = -15
    integer(c_int32_t), parameter, public :: MFL_ERROR_NOT_FINITE = -16
    integer(c_int32_t), parameter, public :: MFL_ERROR_NOT_POSITIVE_DEFINITE = -17
    integer(c_int32_t), parameter, public :: MFL_ERROR_DIVERGED = -18
    integer(c_int32_t), parameter, public :: MFL_ERROR_CANCELLED = -19
    integer(c_int32_t), parameter, public :: MFL_ERROR_CALLBACK = -20
    integer(c_int32_t), parameter, public :: MFL_ERROR_BUFFER = -21
    integer(c_int32_t), parameter, public :: MFL_ERROR_TOLERANCE = -23
    integer(c_int32_t), parameter, public :: MFL_ERROR_IO = -30
    integer(c_int32_t), parameter, public :: MFL_ERROR_FORMAT = -31
    integer(c_int32_t), parameter, public :: MFL_ERROR_CHECKSUM = -32
    integer(c_int32_t), parameter, public :: MFL_ERROR_PARSE = -33
    integer(c_int32_t), parameter, public :: MFL_ERROR_INTERNAL = -99
    integer(c_int32_t), parameter, public :: MFL_STATUS_END = 1
    integer(c_int32_t), parameter, public :: MFL_STOP_NONE = 0
    integer(c_int32_t), parameter, public :: MFL_STOP_CONVERGED = 1
    integer(c_int32_t), parameter, public :: MFL_STOP_COMPLETED = 2
    integer(c_int32_t), parameter, public :: MFL_STOP_LIMIT = 3
    integer(c_int32_t), parameter, public :: MFL_STOP_CANCELLED = 4
    integer(c_int32_t), parameter, public :: MFL_STOP_DIVERGED = 5
    integer(c_int32_t), parameter, public :: MFL_CONTEXT_THREADS_CONSTANT = 1001
    integer(c_int32_t), parameter, public :: MFL_CONTEXT_SEED = 1002
    integer(c_int32_t), parameter, public :: MFL_CONTEXT_INSTRUCTION_SET_CONSTANT = 1003
    integer(c_int32_t), parameter, public :: MFL_CONTEXT_LOG_LEVEL = 1004
    integer(c_int32_t), parameter, public :: MFL_INSTRUCTION_SET_AUTO = 0
    integer(c_int32_t), parameter, public :: MFL_INSTRUCTION_SET_BASELINE = 1
    integer(c_int32_t), parameter, public :: MFL_INSTRUCTION_SET_AVX2 = 2
    integer(c_int32_t), parameter, public :: MFL_INSTRUCTION_SET_AVX512 = 3
    integer(c_int32_t), parameter, public :: MFL_LOG_DEBUG = 0
    integer(c_int32_t), parameter, public :: MFL_LOG_INFO = 1
    integer(c_int32_t), parameter, public :: MFL_LOG_WARNING = 2
    integer(c_int32_t), parameter, public :: MFL_LOG_NONE = 3
    integer(c_int32_t), parameter, public :: MFL_ROLE_TRAIN = 0
    integer(c_int32_t), parameter, public :: MFL_ROLE_TEST = 1
    integer(c_int32_t), parameter, public :: MFL_ROLE_VALIDATION = 2
    integer(c_int32_t), parameter, public :: MFL_CSV_HEADER_AUTO = 0
    integer(c_int32_t), parameter, public :: MFL_CSV_HEADER_PRESENT = 1
    integer(c_int32_t), parameter, public :: MFL_CSV_HEADER_ABSENT = 2
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_MEAN = 9001
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_DEVIATION = 9002
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_R_HAT = 9003
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_R_HAT_BULK = 9004
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_R_HAT_FOLDED = 9005
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_ESS_BULK = 9006
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_ESS_TAIL = 9007
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_ESS_MEAN = 9008
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_MCSE_MEAN = 9009
    integer(c_int32_t), parameter, public :: MFL_DIAGNOSTIC_MCSE_DEVIATION = 9010
    integer(c_int32_t), parameter, public :: MFL_THEORY_TOLERANCE = 7001
    integer(c_int32_t), parameter, public :: MFL_THEORY_RESOLUTIONS = 7002
    integer(c_int32_t), parameter, public :: MFL_THEORY_EVALUATIONS = 7003
    integer(c_int32_t), parameter, public :: MFL_THEORY_NOISE = 7004
    integer(c_int32_t), parameter, public :: MFL_THEORY_SELF_ENERGY = 7005
    integer(c_int32_t), parameter, public :: MFL_THEORY_PRIOR = 7006
    integer(c_int32_t), parameter, public :: MFL_THEORY_ALPHA = 7007
    integer(c_int32_t), parameter, public :: MFL_THEORY_BETA = 7008
    integer(c_int32_t), parameter, public :: MFL_THEORY_SHARING = 7009
    integer(c_int32_t), parameter, public :: MFL_THEORY_DAMPING = 7010
    integer(c_int32_t), parameter, public :: MFL_THEORY_SOLVER = 7031
    integer(c_int32_t), parameter, public :: MFL_THEORY_PARTICLES = 7032
    integer(c_int32_t), parameter, public :: MFL_THEORY_STEPS = 7033
    integer(c_int32_t), parameter, public :: MFL_THEORY_INDUCED = 7034
    integer(c_int32_t), parameter, public :: MFL_THEORY_SOLVER_QUADRATURE = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_SOLVER_PARTICLES = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_NOISE_BARE = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_NOISE_RENORMALISED = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_SELF_NONE = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_SELF_BARE = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_SELF_SCREENED = 2
    integer(c_int32_t), parameter, public :: MFL_THEORY_PRIOR_ISOTROPIC = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_PRIOR_ARD = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_MF = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_MF_ARD = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_MF_SCREENED = 2
    integer(c_int32_t), parameter, public :: MFL_THEORY_M = 7101
    integer(c_int32_t), parameter, public :: MFL_THEORY_TEST_ERROR = 7102
    integer(c_int32_t), parameter, public :: MFL_THEORY_DRAW_ERROR = 7103
    integer(c_int32_t), parameter, public :: MFL_THEORY_WEIGHT_ON = 7104
    integer(c_int32_t), parameter, public :: MFL_THEORY_WEIGHT_OFF = 7105
    integer(c_int32_t), parameter, public :: MFL_THEORY_SPECIALISED = 7106
    integer(c_int32_t), parameter, public :: MFL_THEORY_LOG_Z = 7107
    integer(c_int32_t), parameter, public :: MFL_THEORY_FREE_ENERGY = 7108
    integer(c_int32_t), parameter, public :: MFL_THEORY_RESIDUAL = 7109
    integer(c_int32_t), parameter, public :: MFL_THEORY_EVALUATIONS_USED = 7110
    integer(c_int32_t), parameter, public :: MFL_THEORY_LAMBDA = 7111
    integer(c_int32_t), parameter, public :: MFL_THEORY_EFFECTIVE_NOISE = 7112
    integer(c_int32_t), parameter, public :: MFL_THEORY_RHO_ON = 7113
    integer(c_int32_t), parameter, public :: MFL_THEORY_RHO_OFF = 7114
    integer(c_int32_t), parameter, public :: MFL_THEORY_RESIDUAL_RHO = 7115
    integer(c_int32_t), parameter, public :: MFL_THEORY_RESIDUAL_NOISE = 7116
    integer(c_int32_t), parameter, public :: MFL_THEORY_RESIDUAL_LAMBDA = 7117
    integer(c_int32_t), parameter, public :: MFL_THEORY_LEFT_OUT = 7118
    integer(c_int32_t), parameter, public :: MFL_THEORY_MARGINAL_ON = 0
    integer(c_int32_t), parameter, public :: MFL_THEORY_MARGINAL_OFF = 1
    integer(c_int32_t), parameter, public :: MFL_THEORY_MARGINAL_PATTERN = 2
    integer(c_int32_t), parameter, public :: MFL_THEORY_MARGINAL_ALIGNMENT = 3
    integer(c_int32_t), parameter, public :: MFL_THEORY_SWEEPS = 7051
    integer(c_int32_t), parameter, public :: MFL_THEORY_OVERLAP = 7151
    integer(c_int32_t), parameter, public :: MFL_THEORY_TRAIN_ERROR = 7152
    integer(c_int32_t), parameter, public :: MFL_THEORY_R_HAT = 7153
    integer(c_int32_t), parameter, public :: MFL_THEORY_PARTICLES_USED = 7154
    integer(c_int32_t), parameter, public :: MFL_THEORY_SWEEPS_USED = 7155
    integer(c_int32_t), parameter, public :: MFL_THEORY_ACCEPTANCE = 7156
    integer(c_int32_t), parameter, public :: MFL_THEORY_CONTROL = 7157
    integer(c_int32_t), parameter, public :: MFL_THEORY_EFFECTIVE = 7158
    integer(c_int32_t), parameter, public :: MFL_MODEL_GAMMA = 2001
    integer(c_int32_t), parameter, public :: MFL_MODEL_SIGMA_W = 2002
    integer(c_int32_t), parameter, public :: MFL_MODEL_SIGMA_A = 2003
    integer(c_int32_t), parameter, public :: MFL_MODEL_ACTIVATION = 2004
    integer(c_int32_t), parameter, public :: MFL_MODEL_LEAK = 2005
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_RELU = 0
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_LEAKY = 1
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_ERF = 2
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_TANH = 3
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_GELU = 4
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_LINEAR = 5
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_QUADRATIC = 6
    integer(c_int32_t), parameter, public :: MFL_ACTIVATION_CALLER = 7
    integer(c_int32_t), parameter, public :: MFL_OPTION_INT = 1
    integer(c_int32_t), parameter, public :: MFL_OPTION_DOUBLE = 2
    integer(c_int32_t), parameter, public :: MFL_OPTION_CHOICE = 3
    integer(c_int32_t), parameter, public :: MFL_PATH_SAMPLES = 0
    integer(c_int32_t), parameter, public :: MFL_PATH_KAPPA = 1
    integer(c_int32_t), parameter, public :: MFL_PATH_WIDTH = 2
    integer(c_int32_t), parameter, public :: MFL_PATH_DIMENSION = 3
    integer(c_int32_t), parameter, public :: MFL_PATH_SIGMA_W = 4
    integer(c_int32_t), parameter, public :: MFL_PATH_SIGMA_A = 5
    integer(c_int32_t), parameter, public :: MFL_PATH_ALPHA = 6
    integer(c_int32_t), parameter, public :: MFL_PATH_STEP = 7201
    integer(c_int32_t), parameter, public :: MFL_PATH_POINTS = 7202
    integer(c_int32_t), parameter, public :: MFL_PATH_STEEPEST = 0
    integer(c_int32_t), parameter, public :: MFL_PATH_FOLD_CONSTANT = 1
    integer(c_int32_t), parameter, public :: MFL_PATH_PINNED = 2
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEP_SIZE = 5001
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEP_FRACTION = 5002
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_CHAINS = 5003
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_BURN_IN = 5004
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_DRAWS = 5005
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_THINNING = 5006
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_PRECISION = 5007
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_RUN_INDEX = 5008
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_FREEZE = 5009
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_METHOD = 5010
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_MASS = 5011
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_BATCH = 5012
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_GIBBS = 5013
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_START = 5014
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_ANNEAL_FROM = 5015
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEP_DECAY = 5016
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEP_DECAY_SCALE = 5017
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_PATH_LENGTH = 5018
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_PATH_JITTER = 5019
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_FRICTION = 5020
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_RUNGS = 5021
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_KAPPA_HOT = 5022
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_SWAP = 5023
    integer(c_int32_t), parameter, public :: MFL_METHOD_SGLD = 0
    integer(c_int32_t), parameter, public :: MFL_METHOD_GRADIENT_DESCENT = 1
    integer(c_int32_t), parameter, public :: MFL_METHOD_MALA = 2
    integer(c_int32_t), parameter, public :: MFL_METHOD_BAOAB = 3
    integer(c_int32_t), parameter, public :: MFL_METHOD_HMC = 4
    integer(c_int32_t), parameter, public :: MFL_MASS_AUTO = 0
    integer(c_int32_t), parameter, public :: MFL_MASS_UNIT = 1
    integer(c_int32_t), parameter, public :: MFL_MASS_PRIOR = 2
    integer(c_int32_t), parameter, public :: MFL_MASS_ADAPTIVE = 3
    integer(c_int32_t), parameter, public :: MFL_START_PRIOR = 0
    integer(c_int32_t), parameter, public :: MFL_START_PLANTED = 1
    integer(c_int32_t), parameter, public :: MFL_PRECISION_FLOAT32 = 0
    integer(c_int32_t), parameter, public :: MFL_PRECISION_FLOAT64 = 1
    integer(c_int32_t), parameter, public :: MFL_FREEZE_NONE = 0
    integer(c_int32_t), parameter, public :: MFL_FREEZE_FIRST_LAYER = 1
    integer(c_int32_t), parameter, public :: MFL_FREEZE_READOUT = 2
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TRAIN_ERROR = 5101
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TEST_ERROR = 5102
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TEST_ERROR_DRAW = 5103
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TEST_ERROR_NOISY = 5104
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_ORDER_PARAMETER = 5105
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_ORDER_PARAMETER_SE = 5106
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_POTENTIAL = 5107
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEP_CONSTANT = 5108
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_DRAWS_TOTAL = 5109
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STEPS_TOTAL = 5110
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_STOP = 5111
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TEST_ERROR_SE = 5112
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_TRAIN_ERROR_DRAW = 5113
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_ACCEPTANCE = 5114
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_DIVERGENCES = 5115
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_GRADIENTS_TOTAL = 5116
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_KAPPA = 5117
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_SWAP_RATE = 5118
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_ROUND_TRIPS = 5119
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_LOG_EVIDENCE = 5120
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_LOG_EVIDENCE_SE = 5121
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_LOG_EVIDENCE_GAIN = 5122
    integer(c_int32_t), parameter, public :: MFL_SAMPLER_LOG_EVIDENCE_GAIN_SE = 5123
    integer(c_int32_t), parameter, public :: MFL_WEIGHT_BINS = 161
    integer(c_int32_t), parameter, public :: MFL_TRACE_POTENTIAL = 1
    integer(c_int32_t), parameter, public :: MFL_TRACE_ORDER_PARAMETER = 2
    integer(c_int32_t), parameter, public :: MFL_TRACE_TEST_ERROR = 3
    integer(c_int32_t), parameter, public :: MFL_TRACE_RESIDUAL = 4
    integer(c_int32_t), parameter, public :: MFL_TRACE_RELEVANT_SQUARE = 5
    integer(c_int32_t), parameter, public :: MFL_TRACE_IRRELEVANT_SQUARE = 6
    integer(c_int32_t), parameter, public :: MFL_TRACE_ACCEPTANCE = 7
    integer(c_int32_t), parameter, public :: MFL_TRACE_CALLER = 100
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_CONSTANT = 6001
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ACTIVATION = 6002
    integer(c_int32_t), parameter, public :: MFL_RIDGE_DEGREE = 6003
    integer(c_int32_t), parameter, public :: MFL_RIDGE_OFFSET = 6004
    integer(c_int32_t), parameter, public :: MFL_RIDGE_TERMS = 6005
    integer(c_int32_t), parameter, public :: MFL_RIDGE_SOLVER = 6010
    integer(c_int32_t), parameter, public :: MFL_RIDGE_MEMORY_LIMIT = 6011
    integer(c_int32_t), parameter, public :: MFL_RIDGE_TOLERANCE = 6012
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ITERATIONS = 6013
    integer(c_int32_t), parameter, public :: MFL_RIDGE_RANK = 6014
    integer(c_int32_t), parameter, public :: MFL_RIDGE_STEPS = 6020
    integer(c_int32_t), parameter, public :: MFL_RIDGE_STEP_TOLERANCE = 6021
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_NNGP = 0
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_NTK = 1
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_RBF = 2
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_POLYNOMIAL = 3
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_LINEAR = 4
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_CALLER = 5
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_PRECOMPUTED = 6
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ACTIVATION_MODEL = 0
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ACTIVATION_HERMITE = 1
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ACTIVATION_SIN = 2
    integer(c_int32_t), parameter, public :: MFL_RIDGE_ACTIVATION_SIGN = 3
    integer(c_int32_t), parameter, public :: MFL_RIDGE_SOLVER_CHOLESKY = 0
    integer(c_int32_t), parameter, public :: MFL_RIDGE_SOLVER_GRADIENTS = 1
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KAPPA = 6501
    integer(c_int32_t), parameter, public :: MFL_RIDGE_SIGMA_W = 6502
    integer(c_int32_t), parameter, public :: MFL_RIDGE_SIGMA_A = 6503
    integer(c_int32_t), parameter, public :: MFL_RIDGE_KERNEL_ERROR_CONSTANT = 6504
    integer(c_int32_t), parameter, public :: MFL_RIDGE_RESIDUAL = 6505
    integer(c_int32_t), parameter, public :: MFL_RIDGE_STEPS_DONE = 6506
    integer(c_int32_t), parameter, public :: MFL_RIDGE_STOP = 6507
    integer(c_int32_t), parameter, public :: MFL_RIDGE_RANK_USED = 6508
    integer(c_int32_t), parameter, public :: MFL_RIDGE_VARY_KAPPA = 1
    integer(c_int32_t), parameter, public :: MFL_RIDGE_VARY_SIGMA_A = 2
    integer(c_int32_t), parameter, public :: MFL_RIDGE_VARY_SIGMA_W = 4
    integer(c_int32_t), parameter, public :: MFL_RIDGE_VARY_PRECISIONS = 8
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_HYPERCUBE = 0
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_GAUSSIAN = 1
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_SPHERE = 2
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_EFFECTIVE_RIDGE = 0
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_OVERFITTING = 1
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_TEST_ERROR = 2
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_TRAIN_ERROR = 3
    integer(c_int32_t), parameter, public :: MFL_SPECTRUM_RESULTS = 4
    integer(c_int32_t), parameter, public :: MFL_TASK_INPUT_LAW = 3001
    integer(c_int32_t), parameter, public :: MFL_INPUT_HYPERCUBE = 0
    integer(c_int32_t), parameter, public :: MFL_INPUT_GAUSSIAN = 1
    integer(c_int32_t), parameter, public :: MFL_INPUT_SPHERE = 2
    integer(c_int32_t), parameter, public :: MFL_INPUT_CORRELATED = 3
    integer(c_int32_t), parameter, public :: MFL_TASK_PARITY = 1
    integer(c_int32_t), parameter, public :: MFL_TASK_HERMITE = 2
    integer(c_int32_t), parameter, public :: MFL_TASK_RELU = 3
    integer(c_int32_t), parameter, public :: MFL_TASK_CALLER = 4
    integer(c_int32_t), parameter, public :: MFL_TASK_SUM = 5

    abstract interface
    function mfl_allocate_fn(size, user_data) bind(c)
        import
        type(c_ptr) :: mfl_allocate_fn
        integer(c_size_t), value :: size
        type(c_ptr), value :: user_data
    end function mfl_allocate_fn
    subroutine mfl_release_fn(memory, user_data) bind(c)
        import
        type(c_ptr), value :: memory
        type(c_ptr), value :: user_data
    end subroutine mfl_release_fn
    subroutine mfl_log_fn(level, message, user_data) bind(c)
        import
        integer(c_int32_t), value :: level
        character(kind=c_char), intent(in) :: message(*)
        type(c_ptr), value :: user_data
    end subroutine mfl_log_fn
    function mfl_progress_fn(stage, fraction, seconds, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_progress_fn
        character(kind=c_char), intent(in) :: stage(*)
        real(c_double), value :: fraction
        real(c_double), value :: seconds
        type(c_ptr), value :: user_data
    end function mfl_progress_fn
    function mfl_activation_fn(count, z, value, derivative, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_activation_fn
        integer(c_int64_t), value :: count
        real(c_double), intent(in) :: z(*)
        real(c_double), intent(out) :: value(*)
        real(c_double), intent(out) :: derivative(*)
        type(c_ptr), value :: user_data
    end function mfl_activation_fn
    function mfl_observable_fn(network, value, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_observable_fn
        type(c_ptr), value :: network
        real(c_double), intent(out) :: value
        type(c_ptr), value :: user_data
    end function mfl_observable_fn
    function mfl_kernel_fn(row_count, rows, column_count, columns, dimension, kernel, &
        kernel_stride, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_kernel_fn
        integer(c_int64_t), value :: row_count
        real(c_double), intent(in) :: rows(*)
        integer(c_int64_t), value :: column_count
        real(c_double), intent(in) :: columns(*)
        integer(c_int64_t), value :: dimension
        real(c_double), intent(out) :: kernel(*)
        integer(c_int64_t), value :: kernel_stride
        type(c_ptr), value :: user_data
    end function mfl_kernel_fn
    function mfl_link_fn(count, z, value, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_link_fn
        integer(c_int64_t), value :: count
        real(c_double), intent(in) :: z(*)
        real(c_double), intent(out) :: value(*)
        type(c_ptr), value :: user_data
    end function mfl_link_fn
    end interface

    interface
    function mfl_status_name(status) bind(c)
        import
        type(c_ptr) :: mfl_status_name
        integer(c_int32_t), value :: status
    end function mfl_status_name
    function mfl_status_message(status) bind(c)
        import
        type(c_ptr) :: mfl_status_message
        integer(c_int32_t), value :: status
    end function mfl_status_message
    function mfl_status_at(index, status) bind(c)
        import
        integer(c_int32_t) :: mfl_status_at
        integer(c_size_t), value :: index
        integer(c_int32_t), intent(out) :: status
    end function mfl_status_at
    function mfl_context_create(out) bind(c)
        import
        integer(c_int32_t) :: mfl_context_create
        type(c_ptr), intent(out) :: out
    end function mfl_context_create
    function mfl_context_create_with_allocator(allocate, release, user_data, out) bind(c)
        import
        integer(c_int32_t) :: mfl_context_create_with_allocator
        type(c_funptr), value :: allocate
        type(c_funptr), value :: release
        type(c_ptr), value :: user_data
        type(c_ptr), intent(out) :: out
    end function mfl_context_create_with_allocator
    subroutine mfl_context_destroy(context) bind(c)
        import
        type(c_ptr), value :: context
    end subroutine mfl_context_destroy
    function mfl_context_options(context, options) bind(c)
        import
        integer(c_int32_t) :: mfl_context_options
        type(c_ptr), value :: context
        type(c_ptr), intent(out) :: options
    end function mfl_context_options
    function mfl_context_message(context) bind(c)
        import
        type(c_ptr) :: mfl_context_message
        type(c_ptr), value :: context
    end function mfl_context_message
    function mfl_context_set_log(context, log, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_context_set_log
        type(c_ptr), value :: context
        type(c_funptr), value :: log
        type(c_ptr), value :: user_data
    end function mfl_context_set_log
    function mfl_context_set_progress(context, progress, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_context_set_progress
        type(c_ptr), value :: context
        type(c_funptr), value :: progress
        type(c_ptr), value :: user_data
    end function mfl_context_set_progress
    subroutine mfl_context_cancel(context) bind(c)
        import
        type(c_ptr), value :: context
    end subroutine mfl_context_cancel
    function mfl_context_resume(context) bind(c)
        import
        integer(c_int32_t) :: mfl_context_resume
        type(c_ptr), value :: context
    end function mfl_context_resume
    function mfl_context_instruction_set(context, instruction_set, name) bind(c)
        import
        integer(c_int32_t) :: mfl_context_instruction_set
        type(c_ptr), value :: context
        integer(c_int32_t), intent(out) :: instruction_set
        type(c_ptr), intent(out), optional :: name
    end function mfl_context_instruction_set
    function mfl_context_threads(context, threads) bind(c)
        import
        integer(c_int32_t) :: mfl_context_threads
        type(c_ptr), value :: context
        integer(c_int32_t), intent(out) :: threads
    end function mfl_context_threads
    function mfl_context_provenance(context, text, capacity, needed) bind(c)
        import
        integer(c_int32_t) :: mfl_context_provenance
        type(c_ptr), value :: context
        character(kind=c_char), intent(out), optional :: text(*)
        integer(c_size_t), value :: capacity
        integer(c_size_t), intent(out), optional :: needed
    end function mfl_context_provenance
    function mfl_dataset_draw(task, count, label_noise, index, role, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_draw
        type(c_ptr), value :: task
        integer(c_int64_t), value :: count
        real(c_double), value :: label_noise
        integer(c_int64_t), value :: index
        integer(c_int32_t), value :: role
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_draw
    function mfl_dataset_copy(context, rows, columns, inputs, row_stride, column_stride, targets, &
        out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_copy
        type(c_ptr), value :: context
        integer(c_int64_t), value :: rows
        integer(c_int64_t), value :: columns
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: row_stride
        integer(c_int64_t), value :: column_stride
        real(c_double), intent(in), optional :: targets(*)
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_copy
    function mfl_dataset_view(context, rows, columns, inputs, row_stride, column_stride, targets, &
        out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_view
        type(c_ptr), value :: context
        integer(c_int64_t), value :: rows
        integer(c_int64_t), value :: columns
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: row_stride
        integer(c_int64_t), value :: column_stride
        real(c_double), intent(in), optional :: targets(*)
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_view
    function mfl_dataset_read_csv(context, path, target, header, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_read_csv
        type(c_ptr), value :: context
        character(kind=c_char), intent(in) :: path(*)
        character(kind=c_char), intent(in), optional :: target(*)
        integer(c_int32_t), value :: header
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_read_csv
    function mfl_dataset_read_npy(context, path, target_path, target_column, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_read_npy
        type(c_ptr), value :: context
        character(kind=c_char), intent(in) :: path(*)
        character(kind=c_char), intent(in), optional :: target_path(*)
        integer(c_int64_t), value :: target_column
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_read_npy
    function mfl_dataset_read_hdf5(context, path, inputs, targets, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_read_hdf5
        type(c_ptr), value :: context
        character(kind=c_char), intent(in) :: path(*)
        character(kind=c_char), intent(in) :: inputs(*)
        character(kind=c_char), intent(in) :: targets(*)
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_read_hdf5
    subroutine mfl_dataset_destroy(dataset) bind(c)
        import
        type(c_ptr), value :: dataset
    end subroutine mfl_dataset_destroy
    function mfl_dataset_take(dataset, rows, count, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_take
        type(c_ptr), value :: dataset
        integer(c_int64_t), intent(in) :: rows(*)
        integer(c_int64_t), value :: count
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_take
    function mfl_dataset_split(dataset, train_count, index, train, test) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_split
        type(c_ptr), value :: dataset
        integer(c_int64_t), value :: train_count
        integer(c_int64_t), value :: index
        type(c_ptr), intent(out) :: train
        type(c_ptr), intent(out) :: test
    end function mfl_dataset_split
    function mfl_dataset_standardise(dataset, targets, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_standardise
        type(c_ptr), value :: dataset
        integer(c_int32_t), value :: targets
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_standardise
    function mfl_dataset_standardise_like(dataset, reference, out) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_standardise_like
        type(c_ptr), value :: dataset
        type(c_ptr), value :: reference
        type(c_ptr), intent(out) :: out
    end function mfl_dataset_standardise_like
    function mfl_dataset_standardisation(dataset, mean, scale, capacity, target_mean, &
        target_scale) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_standardisation
        type(c_ptr), value :: dataset
        real(c_double), intent(out), optional :: mean(*)
        real(c_double), intent(out), optional :: scale(*)
        integer(c_int64_t), value :: capacity
        real(c_double), intent(out), optional :: target_mean
        real(c_double), intent(out), optional :: target_scale
    end function mfl_dataset_standardisation
    function mfl_dataset_shape(dataset, rows, columns) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_shape
        type(c_ptr), value :: dataset
        integer(c_int64_t), intent(out), optional :: rows
        integer(c_int64_t), intent(out), optional :: columns
    end function mfl_dataset_shape
    function mfl_dataset_inputs(dataset, inputs, row_stride, column_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_inputs
        type(c_ptr), value :: dataset
        type(c_ptr), intent(out) :: inputs
        integer(c_int64_t), intent(out) :: row_stride
        integer(c_int64_t), intent(out) :: column_stride
    end function mfl_dataset_inputs
    function mfl_dataset_targets(dataset, targets) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_targets
        type(c_ptr), value :: dataset
        type(c_ptr), intent(out) :: targets
    end function mfl_dataset_targets
    function mfl_dataset_clean_targets(dataset, targets) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_clean_targets
        type(c_ptr), value :: dataset
        type(c_ptr), intent(out) :: targets
    end function mfl_dataset_clean_targets
    function mfl_dataset_copy_inputs(dataset, inputs, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_copy_inputs
        type(c_ptr), value :: dataset
        real(c_double), intent(out) :: inputs(*)
        integer(c_int64_t), value :: capacity
    end function mfl_dataset_copy_inputs
    function mfl_dataset_copy_targets(dataset, targets, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_copy_targets
        type(c_ptr), value :: dataset
        real(c_double), intent(out) :: targets(*)
        integer(c_int64_t), value :: capacity
    end function mfl_dataset_copy_targets
    function mfl_dataset_name(dataset, column, name) bind(c)
        import
        integer(c_int32_t) :: mfl_dataset_name
        type(c_ptr), value :: dataset
        integer(c_int64_t), value :: column
        type(c_ptr), intent(out) :: name
    end function mfl_dataset_name
    function mfl_diagnose(context, values, chains, draws, stride, keys, count, results) bind(c)
        import
        integer(c_int32_t) :: mfl_diagnose
        type(c_ptr), value :: context
        real(c_double), intent(in) :: values(*)
        integer(c_int64_t), value :: chains
        integer(c_int64_t), value :: draws
        integer(c_int64_t), value :: stride
        integer(c_int32_t), intent(in) :: keys(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out) :: results(*)
    end function mfl_diagnose
    function mfl_diagnose_quantiles(context, values, chains, draws, stride, probabilities, count, &
        quantiles, ess, mcse) bind(c)
        import
        integer(c_int32_t) :: mfl_diagnose_quantiles
        type(c_ptr), value :: context
        real(c_double), intent(in) :: values(*)
        integer(c_int64_t), value :: chains
        integer(c_int64_t), value :: draws
        integer(c_int64_t), value :: stride
        real(c_double), intent(in) :: probabilities(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out), optional :: quantiles(*)
        real(c_double), intent(out), optional :: ess(*)
        real(c_double), intent(out), optional :: mcse(*)
    end function mfl_diagnose_quantiles
    function mfl_diagram_create(theory, samples, sample_count, kappas, kappa_count, out) bind(c)
        import
        integer(c_int32_t) :: mfl_diagram_create
        type(c_ptr), value :: theory
        real(c_double), intent(in) :: samples(*)
        integer(c_int64_t), value :: sample_count
        real(c_double), intent(in) :: kappas(*)
        integer(c_int64_t), value :: kappa_count
        type(c_ptr), intent(out) :: out
    end function mfl_diagram_create
    subroutine mfl_diagram_destroy(diagram) bind(c)
        import
        type(c_ptr), value :: diagram
    end subroutine mfl_diagram_destroy
    function mfl_diagram_point(diagram, sample, kappa, branches, converged) bind(c)
        import
        integer(c_int32_t) :: mfl_diagram_point
        type(c_ptr), value :: diagram
        integer(c_int64_t), value :: sample
        integer(c_int64_t), value :: kappa
        integer(c_int32_t), intent(out) :: branches
        integer(c_int32_t), intent(out), optional :: converged
    end function mfl_diagram_point
    function mfl_diagram_get(diagram, sample, kappa, branch, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_diagram_get
        type(c_ptr), value :: diagram
        integer(c_int64_t), value :: sample
        integer(c_int64_t), value :: kappa
        integer(c_int32_t), value :: branch
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_diagram_get
    function mfl_diagram_get_mode(diagram, sample, kappa, branch, mode, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_diagram_get_mode
        type(c_ptr), value :: diagram
        integer(c_int64_t), value :: sample
        integer(c_int64_t), value :: kappa
        integer(c_int32_t), value :: branch
        integer(c_int64_t), value :: mode
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_diagram_get_mode
    function mfl_theory_create(context, task, model, out) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_create
        type(c_ptr), value :: context
        type(c_ptr), value :: task
        type(c_ptr), value :: model
        type(c_ptr), intent(out) :: out
    end function mfl_theory_create
    subroutine mfl_theory_destroy(theory) bind(c)
        import
        type(c_ptr), value :: theory
    end subroutine mfl_theory_destroy
    function mfl_theory_options(theory, options) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_options
        type(c_ptr), value :: theory
        type(c_ptr), intent(out) :: options
    end function mfl_theory_options
    function mfl_theory_use(theory, preset) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_use
        type(c_ptr), value :: theory
        integer(c_int32_t), value :: preset
    end function mfl_theory_use
    function mfl_theory_solve(theory, samples, kappa) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_solve
        type(c_ptr), value :: theory
        real(c_double), value :: samples
        real(c_double), value :: kappa
    end function mfl_theory_solve
    function mfl_theory_stop(theory, stop) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_stop
        type(c_ptr), value :: theory
        integer(c_int32_t), intent(out) :: stop
    end function mfl_theory_stop
    function mfl_theory_branches(theory, count) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_branches
        type(c_ptr), value :: theory
        integer(c_int32_t), intent(out) :: count
    end function mfl_theory_branches
    function mfl_theory_select(theory, branch) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_select
        type(c_ptr), value :: theory
        integer(c_int32_t), value :: branch
    end function mfl_theory_select
    function mfl_theory_result_at(theory, index, key, name, summary) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_result_at
        type(c_ptr), value :: theory
        integer(c_size_t), value :: index
        integer(c_int32_t), intent(out) :: key
        type(c_ptr), intent(out), optional :: name
        type(c_ptr), intent(out), optional :: summary
    end function mfl_theory_result_at
    function mfl_theory_get(theory, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_get
        type(c_ptr), value :: theory
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_theory_get
    function mfl_theory_sample(theory, first, count, weights, row_stride, readouts) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_sample
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: first
        integer(c_int64_t), value :: count
        real(c_double), intent(out), optional :: weights(*)
        integer(c_int64_t), value :: row_stride
        real(c_double), intent(out), optional :: readouts(*)
    end function mfl_theory_sample
    function mfl_theory_marginal(theory, kind, draws, grid, count, density, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_marginal
        type(c_ptr), value :: theory
        integer(c_int32_t), value :: kind
        integer(c_int64_t), value :: draws
        real(c_double), intent(in) :: grid(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out) :: density(*)
        real(c_double), intent(out), optional :: error(*)
    end function mfl_theory_marginal
    function mfl_theory_marginal_along(theory, direction, variables, draws, grid, count, density, &
        error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_marginal_along
        type(c_ptr), value :: theory
        real(c_double), intent(in) :: direction(*)
        integer(c_int64_t), value :: variables
        integer(c_int64_t), value :: draws
        real(c_double), intent(in) :: grid(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out) :: density(*)
        real(c_double), intent(out) :: error(*)
    end function mfl_theory_marginal_along
    function mfl_theory_finite(theory, draws, m, difference, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_finite
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: draws
        real(c_double), intent(out), optional :: m
        real(c_double), intent(out), optional :: difference
        real(c_double), intent(out), optional :: error
    end function mfl_theory_finite
    function mfl_theory_finite_modes(theory, draws, count, m, difference, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_finite_modes
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: draws
        integer(c_int64_t), value :: count
        real(c_double), intent(out), optional :: m(*)
        real(c_double), intent(out), optional :: difference(*)
        real(c_double), intent(out), optional :: error(*)
    end function mfl_theory_finite_modes
    function mfl_theory_mode_count(theory, count) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_mode_count
        type(c_ptr), value :: theory
        integer(c_int64_t), intent(out) :: count
    end function mfl_theory_mode_count
    function mfl_theory_mode(theory, mode, degrees, capacity, across, target) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_mode
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: mode
        integer(c_int64_t), intent(out), optional :: degrees(*)
        integer(c_int64_t), value :: capacity
        integer(c_int64_t), intent(out), optional :: across
        real(c_double), intent(out), optional :: target
    end function mfl_theory_mode
    function mfl_theory_get_mode(theory, mode, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_get_mode
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: mode
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_theory_get_mode
    function mfl_theory_get_variable(theory, variable, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_get_variable
        type(c_ptr), value :: theory
        integer(c_int64_t), value :: variable
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_theory_get_variable
    function mfl_theory_create_empirical(context, model, train, task, out) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_create_empirical
        type(c_ptr), value :: context
        type(c_ptr), value :: model
        type(c_ptr), value :: train
        type(c_ptr), value :: task
        type(c_ptr), intent(out) :: out
    end function mfl_theory_create_empirical
    function mfl_theory_set_checkpoint(theory, path, seconds) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_set_checkpoint
        type(c_ptr), value :: theory
        character(kind=c_char), intent(in), optional :: path(*)
        real(c_double), value :: seconds
    end function mfl_theory_set_checkpoint
    function mfl_theory_resume(theory, path, seconds) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_resume
        type(c_ptr), value :: theory
        character(kind=c_char), intent(in) :: path(*)
        real(c_double), value :: seconds
    end function mfl_theory_resume
    function mfl_theory_predict(theory, inputs, count, stride, mean, variance) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_predict
        type(c_ptr), value :: theory
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(out) :: mean(*)
        real(c_double), intent(out), optional :: variance(*)
    end function mfl_theory_predict
    function mfl_theory_test(theory, test, error) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_test
        type(c_ptr), value :: theory
        type(c_ptr), value :: test
        real(c_double), intent(out) :: error
    end function mfl_theory_test
    function mfl_theory_relevances(theory, relevance, error, order, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_relevances
        type(c_ptr), value :: theory
        real(c_double), intent(out) :: relevance(*)
        real(c_double), intent(out), optional :: error(*)
        integer(c_int64_t), intent(out), optional :: order(*)
        integer(c_int64_t), value :: capacity
    end function mfl_theory_relevances
    function mfl_theory_select_inputs(theory, rate, selected, capacity, threshold) bind(c)
        import
        integer(c_int32_t) :: mfl_theory_select_inputs
        type(c_ptr), value :: theory
        real(c_double), value :: rate
        integer(c_int32_t), intent(out) :: selected(*)
        integer(c_int64_t), value :: capacity
        real(c_double), intent(out), optional :: threshold(*)
    end function mfl_theory_select_inputs
    function mfl_model_create(context, dimension, width, out) bind(c)
        import
        integer(c_int32_t) :: mfl_model_create
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: width
        type(c_ptr), intent(out) :: out
    end function mfl_model_create
    subroutine mfl_model_destroy(model) bind(c)
        import
        type(c_ptr), value :: model
    end subroutine mfl_model_destroy
    function mfl_model_options(model, options) bind(c)
        import
        integer(c_int32_t) :: mfl_model_options
        type(c_ptr), value :: model
        type(c_ptr), intent(out) :: options
    end function mfl_model_options
    function mfl_model_set_activation(model, activation, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_model_set_activation
        type(c_ptr), value :: model
        type(c_funptr), value :: activation
        type(c_ptr), value :: user_data
    end function mfl_model_set_activation
    function mfl_model_shape(model, dimension, width) bind(c)
        import
        integer(c_int32_t) :: mfl_model_shape
        type(c_ptr), value :: model
        integer(c_int64_t), intent(out), optional :: dimension
        integer(c_int64_t), intent(out), optional :: width
    end function mfl_model_shape
    function mfl_model_check_task(model, task) bind(c)
        import
        integer(c_int32_t) :: mfl_model_check_task
        type(c_ptr), value :: model
        type(c_ptr), value :: task
    end function mfl_model_check_task
    function mfl_network_create(model, out) bind(c)
        import
        integer(c_int32_t) :: mfl_network_create
        type(c_ptr), value :: model
        type(c_ptr), intent(out) :: out
    end function mfl_network_create
    subroutine mfl_network_destroy(network) bind(c)
        import
        type(c_ptr), value :: network
    end subroutine mfl_network_destroy
    function mfl_network_set_activation(network, activation, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_network_set_activation
        type(c_ptr), value :: network
        type(c_funptr), value :: activation
        type(c_ptr), value :: user_data
    end function mfl_network_set_activation
    function mfl_network_draw_prior(network, index) bind(c)
        import
        integer(c_int32_t) :: mfl_network_draw_prior
        type(c_ptr), value :: network
        integer(c_int64_t), value :: index
    end function mfl_network_draw_prior
    function mfl_network_plant(network, task) bind(c)
        import
        integer(c_int32_t) :: mfl_network_plant
        type(c_ptr), value :: network
        type(c_ptr), value :: task
    end function mfl_network_plant
    function mfl_network_shape(network, dimension, width) bind(c)
        import
        integer(c_int32_t) :: mfl_network_shape
        type(c_ptr), value :: network
        integer(c_int64_t), intent(out), optional :: dimension
        integer(c_int64_t), intent(out), optional :: width
    end function mfl_network_shape
    function mfl_network_set_weights(network, weights, stride, readout) bind(c)
        import
        integer(c_int32_t) :: mfl_network_set_weights
        type(c_ptr), value :: network
        real(c_double), intent(in) :: weights(*)
        integer(c_int64_t), value :: stride
        real(c_double), intent(in) :: readout(*)
    end function mfl_network_set_weights
    function mfl_network_copy_weights(network, weights, stride, readout) bind(c)
        import
        integer(c_int32_t) :: mfl_network_copy_weights
        type(c_ptr), value :: network
        real(c_double), intent(out), optional :: weights(*)
        integer(c_int64_t), value :: stride
        real(c_double), intent(out), optional :: readout(*)
    end function mfl_network_copy_weights
    function mfl_network_forward(network, inputs, rows, stride, predictions) bind(c)
        import
        integer(c_int32_t) :: mfl_network_forward
        type(c_ptr), value :: network
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: rows
        integer(c_int64_t), value :: stride
        real(c_double), intent(out) :: predictions(*)
    end function mfl_network_forward
    function mfl_network_potential(network, dataset, kappa, potential, weights_gradient, stride, &
        readout_gradient) bind(c)
        import
        integer(c_int32_t) :: mfl_network_potential
        type(c_ptr), value :: network
        type(c_ptr), value :: dataset
        real(c_double), value :: kappa
        real(c_double), intent(out), optional :: potential
        real(c_double), intent(out), optional :: weights_gradient(*)
        integer(c_int64_t), value :: stride
        real(c_double), intent(out), optional :: readout_gradient(*)
    end function mfl_network_potential
    function mfl_network_order_parameter(network, task, order_parameter) bind(c)
        import
        integer(c_int32_t) :: mfl_network_order_parameter
        type(c_ptr), value :: network
        type(c_ptr), value :: task
        real(c_double), intent(out) :: order_parameter
    end function mfl_network_order_parameter
    function mfl_network_measure_order_parameter(network, task, dataset, order_parameter, &
        standard_error) bind(c)
        import
        integer(c_int32_t) :: mfl_network_measure_order_parameter
        type(c_ptr), value :: network
        type(c_ptr), value :: task
        type(c_ptr), value :: dataset
        real(c_double), intent(out) :: order_parameter
        real(c_double), intent(out), optional :: standard_error
    end function mfl_network_measure_order_parameter
    function mfl_network_save(network, path) bind(c)
        import
        integer(c_int32_t) :: mfl_network_save
        type(c_ptr), value :: network
        character(kind=c_char), intent(in) :: path(*)
    end function mfl_network_save
    function mfl_network_load(context, path, out) bind(c)
        import
        integer(c_int32_t) :: mfl_network_load
        type(c_ptr), value :: context
        character(kind=c_char), intent(in) :: path(*)
        type(c_ptr), intent(out) :: out
    end function mfl_network_load
    function mfl_options_count(options, count) bind(c)
        import
        integer(c_int32_t) :: mfl_options_count
        type(c_ptr), value :: options
        integer(c_size_t), intent(out) :: count
    end function mfl_options_count
    function mfl_options_key(options, index, key) bind(c)
        import
        integer(c_int32_t) :: mfl_options_key
        type(c_ptr), value :: options
        integer(c_size_t), value :: index
        integer(c_int32_t), intent(out) :: key
    end function mfl_options_key
    function mfl_options_find(options, name, key) bind(c)
        import
        integer(c_int32_t) :: mfl_options_find
        type(c_ptr), value :: options
        character(kind=c_char), intent(in) :: name(*)
        integer(c_int32_t), intent(out) :: key
    end function mfl_options_find
    function mfl_options_describe(options, key, type, name, summary, choices) bind(c)
        import
        integer(c_int32_t) :: mfl_options_describe
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        integer(c_int32_t), intent(out), optional :: type
        type(c_ptr), intent(out), optional :: name
        type(c_ptr), intent(out), optional :: summary
        type(c_ptr), intent(out), optional :: choices
    end function mfl_options_describe
    function mfl_options_bounds_int(options, key, least, most, standard) bind(c)
        import
        integer(c_int32_t) :: mfl_options_bounds_int
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        integer(c_int64_t), intent(out), optional :: least
        integer(c_int64_t), intent(out), optional :: most
        integer(c_int64_t), intent(out), optional :: standard
    end function mfl_options_bounds_int
    function mfl_options_bounds_double(options, key, least, most, standard) bind(c)
        import
        integer(c_int32_t) :: mfl_options_bounds_double
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        real(c_double), intent(out), optional :: least
        real(c_double), intent(out), optional :: most
        real(c_double), intent(out), optional :: standard
    end function mfl_options_bounds_double
    function mfl_options_set_int(options, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_options_set_int
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        integer(c_int64_t), value :: value
    end function mfl_options_set_int
    function mfl_options_set_double(options, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_options_set_double
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        real(c_double), value :: value
    end function mfl_options_set_double
    function mfl_options_set_text(options, name, text) bind(c)
        import
        integer(c_int32_t) :: mfl_options_set_text
        type(c_ptr), value :: options
        character(kind=c_char), intent(in) :: name(*)
        character(kind=c_char), intent(in) :: text(*)
    end function mfl_options_set_text
    function mfl_options_get_int(options, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_options_get_int
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        integer(c_int64_t), intent(out) :: value
    end function mfl_options_get_int
    function mfl_options_get_double(options, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_options_get_double
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
    end function mfl_options_get_double
    function mfl_options_is_set(options, key, set) bind(c)
        import
        integer(c_int32_t) :: mfl_options_is_set
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
        integer(c_int32_t), intent(out) :: set
    end function mfl_options_is_set
    function mfl_options_reset(options, key) bind(c)
        import
        integer(c_int32_t) :: mfl_options_reset
        type(c_ptr), value :: options
        integer(c_int32_t), value :: key
    end function mfl_options_reset
    function mfl_options_write(options, text, capacity, needed) bind(c)
        import
        integer(c_int32_t) :: mfl_options_write
        type(c_ptr), value :: options
        character(kind=c_char), intent(out), optional :: text(*)
        integer(c_size_t), value :: capacity
        integer(c_size_t), intent(out), optional :: needed
    end function mfl_options_write
    function mfl_path_create(theory, out) bind(c)
        import
        integer(c_int32_t) :: mfl_path_create
        type(c_ptr), value :: theory
        type(c_ptr), intent(out) :: out
    end function mfl_path_create
    subroutine mfl_path_destroy(path) bind(c)
        import
        type(c_ptr), value :: path
    end subroutine mfl_path_destroy
    function mfl_path_options(path, options) bind(c)
        import
        integer(c_int32_t) :: mfl_path_options
        type(c_ptr), value :: path
        type(c_ptr), intent(out) :: options
    end function mfl_path_options
    function mfl_path_follow(path, parameter, from, to, samples, kappa) bind(c)
        import
        integer(c_int32_t) :: mfl_path_follow
        type(c_ptr), value :: path
        integer(c_int32_t), value :: parameter
        real(c_double), value :: from
        real(c_double), value :: to
        real(c_double), value :: samples
        real(c_double), value :: kappa
    end function mfl_path_follow
    function mfl_path_stop(path, stop) bind(c)
        import
        integer(c_int32_t) :: mfl_path_stop
        type(c_ptr), value :: path
        integer(c_int32_t), intent(out) :: stop
    end function mfl_path_stop
    function mfl_path_branches(path, count) bind(c)
        import
        integer(c_int32_t) :: mfl_path_branches
        type(c_ptr), value :: path
        integer(c_int32_t), intent(out) :: count
    end function mfl_path_branches
    function mfl_path_branch(path, branch, points, stable, curve) bind(c)
        import
        integer(c_int32_t) :: mfl_path_branch
        type(c_ptr), value :: path
        integer(c_int32_t), value :: branch
        integer(c_int32_t), intent(out) :: points
        integer(c_int32_t), intent(out), optional :: stable
        integer(c_int32_t), intent(out), optional :: curve
    end function mfl_path_branch
    function mfl_path_point(path, branch, point, value, stop) bind(c)
        import
        integer(c_int32_t) :: mfl_path_point
        type(c_ptr), value :: path
        integer(c_int32_t), value :: branch
        integer(c_int32_t), value :: point
        real(c_double), intent(out) :: value
        integer(c_int32_t), intent(out), optional :: stop
    end function mfl_path_point
    function mfl_path_get(path, branch, point, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_get
        type(c_ptr), value :: path
        integer(c_int32_t), value :: branch
        integer(c_int32_t), value :: point
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_get
    function mfl_path_get_mode(path, branch, point, mode, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_get_mode
        type(c_ptr), value :: path
        integer(c_int32_t), value :: branch
        integer(c_int32_t), value :: point
        integer(c_int64_t), value :: mode
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_get_mode
    function mfl_path_folds(path, count) bind(c)
        import
        integer(c_int32_t) :: mfl_path_folds
        type(c_ptr), value :: path
        integer(c_int32_t), intent(out) :: count
    end function mfl_path_folds
    function mfl_path_fold(path, fold, branch, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_fold
        type(c_ptr), value :: path
        integer(c_int32_t), value :: fold
        integer(c_int32_t), intent(out), optional :: branch
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_fold
    function mfl_path_fold_get(path, fold, key, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_fold_get
        type(c_ptr), value :: path
        integer(c_int32_t), value :: fold
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_fold_get
    function mfl_path_transitions(path, count) bind(c)
        import
        integer(c_int32_t) :: mfl_path_transitions
        type(c_ptr), value :: path
        integer(c_int32_t), intent(out) :: count
    end function mfl_path_transitions
    function mfl_path_transition(path, transition, branch, other, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_transition
        type(c_ptr), value :: path
        integer(c_int32_t), value :: transition
        integer(c_int32_t), intent(out), optional :: branch
        integer(c_int32_t), intent(out), optional :: other
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_transition
    function mfl_path_critical(path, criterion, value, error) bind(c)
        import
        integer(c_int32_t) :: mfl_path_critical
        type(c_ptr), value :: path
        integer(c_int32_t), value :: criterion
        real(c_double), intent(out) :: value
        real(c_double), intent(out), optional :: error
    end function mfl_path_critical
    function mfl_sampler_create(model, dataset, kappa, out) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_create
        type(c_ptr), value :: model
        type(c_ptr), value :: dataset
        real(c_double), value :: kappa
        type(c_ptr), intent(out) :: out
    end function mfl_sampler_create
    subroutine mfl_sampler_destroy(sampler) bind(c)
        import
        type(c_ptr), value :: sampler
    end subroutine mfl_sampler_destroy
    function mfl_sampler_options(sampler, options) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_options
        type(c_ptr), value :: sampler
        type(c_ptr), intent(out) :: options
    end function mfl_sampler_options
    function mfl_sampler_set_test(sampler, dataset) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_set_test
        type(c_ptr), value :: sampler
        type(c_ptr), value :: dataset
    end function mfl_sampler_set_test
    function mfl_sampler_set_task(sampler, task) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_set_task
        type(c_ptr), value :: sampler
        type(c_ptr), value :: task
    end function mfl_sampler_set_task
    function mfl_sampler_set_start(sampler, network) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_set_start
        type(c_ptr), value :: sampler
        type(c_ptr), value :: network
    end function mfl_sampler_set_start
    function mfl_sampler_add_observable(sampler, observable, user_data, kind) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_add_observable
        type(c_ptr), value :: sampler
        type(c_funptr), value :: observable
        type(c_ptr), value :: user_data
        integer(c_int32_t), intent(out) :: kind
    end function mfl_sampler_add_observable
    function mfl_sampler_run(sampler) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_run
        type(c_ptr), value :: sampler
    end function mfl_sampler_run
    function mfl_sampler_step(sampler, steps) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_step
        type(c_ptr), value :: sampler
        integer(c_int64_t), value :: steps
    end function mfl_sampler_step
    function mfl_sampler_get(sampler, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_get
        type(c_ptr), value :: sampler
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
    end function mfl_sampler_get
    function mfl_sampler_get_rung(sampler, rung, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_get_rung
        type(c_ptr), value :: sampler
        integer(c_int64_t), value :: rung
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
    end function mfl_sampler_get_rung
    function mfl_sampler_predictions(sampler, mean, deviation, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_predictions
        type(c_ptr), value :: sampler
        real(c_double), intent(out), optional :: mean(*)
        real(c_double), intent(out), optional :: deviation(*)
        integer(c_int64_t), value :: capacity
    end function mfl_sampler_predictions
    function mfl_sampler_second_moments(sampler, moments, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_second_moments
        type(c_ptr), value :: sampler
        real(c_double), intent(out) :: moments(*)
        integer(c_int64_t), value :: capacity
    end function mfl_sampler_second_moments
    function mfl_sampler_weight_histogram(sampler, shares, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_weight_histogram
        type(c_ptr), value :: sampler
        real(c_double), intent(out) :: shares(*)
        integer(c_int64_t), value :: capacity
    end function mfl_sampler_weight_histogram
    function mfl_sampler_trace(sampler, kind, chain, values, capacity, count) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_trace
        type(c_ptr), value :: sampler
        integer(c_int32_t), value :: kind
        integer(c_int64_t), value :: chain
        real(c_double), intent(out), optional :: values(*)
        integer(c_int64_t), value :: capacity
        integer(c_int64_t), intent(out), optional :: count
    end function mfl_sampler_trace
    function mfl_sampler_diagnose(sampler, kind, keys, count, results) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_diagnose
        type(c_ptr), value :: sampler
        integer(c_int32_t), value :: kind
        integer(c_int32_t), intent(in) :: keys(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out) :: results(*)
    end function mfl_sampler_diagnose
    function mfl_sampler_diagnose_rung(sampler, rung, kind, keys, count, results) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_diagnose_rung
        type(c_ptr), value :: sampler
        integer(c_int64_t), value :: rung
        integer(c_int32_t), value :: kind
        integer(c_int32_t), intent(in) :: keys(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out) :: results(*)
    end function mfl_sampler_diagnose_rung
    function mfl_sampler_write_traces(sampler, path) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_write_traces
        type(c_ptr), value :: sampler
        character(kind=c_char), intent(in) :: path(*)
    end function mfl_sampler_write_traces
    function mfl_sampler_network(sampler, chain, out) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_network
        type(c_ptr), value :: sampler
        integer(c_int64_t), value :: chain
        type(c_ptr), intent(out) :: out
    end function mfl_sampler_network
    function mfl_sampler_set_network(sampler, chain, network) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_set_network
        type(c_ptr), value :: sampler
        integer(c_int64_t), value :: chain
        type(c_ptr), value :: network
    end function mfl_sampler_set_network
    function mfl_sampler_save(sampler, path) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_save
        type(c_ptr), value :: sampler
        character(kind=c_char), intent(in) :: path(*)
    end function mfl_sampler_save
    function mfl_sampler_load(sampler, path) bind(c)
        import
        integer(c_int32_t) :: mfl_sampler_load
        type(c_ptr), value :: sampler
        character(kind=c_char), intent(in) :: path(*)
    end function mfl_sampler_load
    function mfl_ridge_create(model, out) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_create
        type(c_ptr), value :: model
        type(c_ptr), intent(out) :: out
    end function mfl_ridge_create
    subroutine mfl_ridge_destroy(ridge) bind(c)
        import
        type(c_ptr), value :: ridge
    end subroutine mfl_ridge_destroy
    function mfl_ridge_options(ridge, options) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_options
        type(c_ptr), value :: ridge
        type(c_ptr), intent(out) :: options
    end function mfl_ridge_options
    function mfl_ridge_set_kernel(ridge, kernel, user_data) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_set_kernel
        type(c_ptr), value :: ridge
        type(c_funptr), value :: kernel
        type(c_ptr), value :: user_data
    end function mfl_ridge_set_kernel
    function mfl_ridge_set_precisions(ridge, rho, count) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_set_precisions
        type(c_ptr), value :: ridge
        real(c_double), intent(in), optional :: rho(*)
        integer(c_int64_t), value :: count
    end function mfl_ridge_set_precisions
    function mfl_ridge_precisions(ridge, rho, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_precisions
        type(c_ptr), value :: ridge
        real(c_double), intent(out) :: rho(*)
        integer(c_int64_t), value :: capacity
    end function mfl_ridge_precisions
    function mfl_ridge_memory(ridge, samples, bytes) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_memory
        type(c_ptr), value :: ridge
        integer(c_int64_t), value :: samples
        integer(c_size_t), intent(out) :: bytes
    end function mfl_ridge_memory
    function mfl_ridge_kernel(ridge, rows, row_count, row_stride, columns, column_count, &
        column_stride, kernel, kernel_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_kernel
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: rows(*)
        integer(c_int64_t), value :: row_count
        integer(c_int64_t), value :: row_stride
        real(c_double), intent(in) :: columns(*)
        integer(c_int64_t), value :: column_count
        integer(c_int64_t), value :: column_stride
        real(c_double), intent(out) :: kernel(*)
        integer(c_int64_t), value :: kernel_stride
    end function mfl_ridge_kernel
    function mfl_ridge_kernel_error(ridge, inputs, count, stride, error) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_kernel_error
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(out) :: error(*)
    end function mfl_ridge_kernel_error
    function mfl_ridge_fit(ridge, train, kappa) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_fit
        type(c_ptr), value :: ridge
        type(c_ptr), value :: train
        real(c_double), value :: kappa
    end function mfl_ridge_fit
    function mfl_ridge_predict(ridge, inputs, count, stride, mean, variance) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_predict
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(out), optional :: mean(*)
        real(c_double), intent(out), optional :: variance(*)
    end function mfl_ridge_predict
    function mfl_ridge_log_evidence(ridge, log_evidence) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_log_evidence
        type(c_ptr), value :: ridge
        real(c_double), intent(out) :: log_evidence
    end function mfl_ridge_log_evidence
    function mfl_ridge_weights(ridge, weights, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_weights
        type(c_ptr), value :: ridge
        real(c_double), intent(out) :: weights(*)
        integer(c_int64_t), value :: capacity
    end function mfl_ridge_weights
    function mfl_ridge_shape(ridge, samples, dimension) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_shape
        type(c_ptr), value :: ridge
        integer(c_int64_t), intent(out), optional :: samples
        integer(c_int64_t), intent(out), optional :: dimension
    end function mfl_ridge_shape
    function mfl_ridge_get(ridge, key, value) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_get
        type(c_ptr), value :: ridge
        integer(c_int32_t), value :: key
        real(c_double), intent(out) :: value
    end function mfl_ridge_get
    function mfl_ridge_fit_matrix(ridge, samples, kernel, stride, targets, kappa) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_fit_matrix
        type(c_ptr), value :: ridge
        integer(c_int64_t), value :: samples
        real(c_double), intent(in) :: kernel(*)
        integer(c_int64_t), value :: stride
        real(c_double), intent(in) :: targets(*)
        real(c_double), value :: kappa
    end function mfl_ridge_fit_matrix
    function mfl_ridge_predict_matrix(ridge, cross, count, stride, prior, mean, variance) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_predict_matrix
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: cross(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(in), optional :: prior(*)
        real(c_double), intent(out), optional :: mean(*)
        real(c_double), intent(out), optional :: variance(*)
    end function mfl_ridge_predict_matrix
    function mfl_ridge_covariance(ridge, inputs, count, stride, covariance, &
        covariance_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_covariance
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(out) :: covariance(*)
        integer(c_int64_t), value :: covariance_stride
    end function mfl_ridge_covariance
    function mfl_ridge_solve(ridge, targets, count, stride, weights, weight_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_solve
        type(c_ptr), value :: ridge
        real(c_double), intent(in) :: targets(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: stride
        real(c_double), intent(out) :: weights(*)
        integer(c_int64_t), value :: weight_stride
    end function mfl_ridge_solve
    function mfl_ridge_leave_one_out(ridge, mean, variance, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_leave_one_out
        type(c_ptr), value :: ridge
        real(c_double), intent(out), optional :: mean(*)
        real(c_double), intent(out), optional :: variance(*)
        integer(c_int64_t), value :: capacity
    end function mfl_ridge_leave_one_out
    function mfl_ridge_cross_validate(ridge, fold, folds, mean, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_cross_validate
        type(c_ptr), value :: ridge
        integer(c_int64_t), intent(in) :: fold(*)
        integer(c_int64_t), value :: folds
        real(c_double), intent(out) :: mean(*)
        integer(c_int64_t), value :: capacity
    end function mfl_ridge_cross_validate
    function mfl_ridge_path(ridge, train, kappas, count, log_evidence, error) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_path
        type(c_ptr), value :: ridge
        type(c_ptr), value :: train
        real(c_double), intent(in) :: kappas(*)
        integer(c_int64_t), value :: count
        real(c_double), intent(out), optional :: log_evidence(*)
        real(c_double), intent(out), optional :: error(*)
    end function mfl_ridge_path
    function mfl_ridge_gradient(ridge, log_kappa, log_sigma_a, log_sigma_w, log_rho, &
        capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_gradient
        type(c_ptr), value :: ridge
        real(c_double), intent(out), optional :: log_kappa
        real(c_double), intent(out), optional :: log_sigma_a
        real(c_double), intent(out), optional :: log_sigma_w
        real(c_double), intent(out), optional :: log_rho(*)
        integer(c_int64_t), value :: capacity
    end function mfl_ridge_gradient
    function mfl_ridge_optimise(ridge, train, kappa, vary) bind(c)
        import
        integer(c_int32_t) :: mfl_ridge_optimise
        type(c_ptr), value :: ridge
        type(c_ptr), value :: train
        real(c_double), value :: kappa
        integer(c_int32_t), value :: vary
    end function mfl_ridge_optimise
    function mfl_spectrum_create(context, count, values, multiplicities, rest, out) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_create
        type(c_ptr), value :: context
        integer(c_int64_t), value :: count
        real(c_double), intent(in) :: values(*)
        real(c_double), intent(in), optional :: multiplicities(*)
        real(c_double), value :: rest
        type(c_ptr), intent(out) :: out
    end function mfl_spectrum_create
    function mfl_spectrum_of_kernel(ridge, law, degrees, out) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_of_kernel
        type(c_ptr), value :: ridge
        integer(c_int32_t), value :: law
        integer(c_int64_t), value :: degrees
        type(c_ptr), intent(out) :: out
    end function mfl_spectrum_of_kernel
    function mfl_spectrum_of_task(ridge, task, degrees, out) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_of_task
        type(c_ptr), value :: ridge
        type(c_ptr), value :: task
        integer(c_int64_t), value :: degrees
        type(c_ptr), intent(out) :: out
    end function mfl_spectrum_of_task
    function mfl_spectrum_of_data(ridge, dataset, out) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_of_data
        type(c_ptr), value :: ridge
        type(c_ptr), value :: dataset
        type(c_ptr), intent(out) :: out
    end function mfl_spectrum_of_data
    subroutine mfl_spectrum_destroy(spectrum) bind(c)
        import
        type(c_ptr), value :: spectrum
    end subroutine mfl_spectrum_destroy
    function mfl_spectrum_shape(spectrum, count, rest) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_shape
        type(c_ptr), value :: spectrum
        integer(c_int64_t), intent(out), optional :: count
        real(c_double), intent(out), optional :: rest
    end function mfl_spectrum_shape
    function mfl_spectrum_read(spectrum, values, multiplicities, power, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_read
        type(c_ptr), value :: spectrum
        real(c_double), intent(out), optional :: values(*)
        real(c_double), intent(out), optional :: multiplicities(*)
        real(c_double), intent(out), optional :: power(*)
        integer(c_int64_t), value :: capacity
    end function mfl_spectrum_read
    function mfl_spectrum_degrees(spectrum, degrees, capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_degrees
        type(c_ptr), value :: spectrum
        integer(c_int64_t), intent(out) :: degrees(*)
        integer(c_int64_t), value :: capacity
    end function mfl_spectrum_degrees
    function mfl_spectrum_error(spectrum, error) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_error
        type(c_ptr), value :: spectrum
        real(c_double), intent(out) :: error
    end function mfl_spectrum_error
    function mfl_spectrum_learn(spectrum, power, samples, ridge, noise, results, learnability, &
        capacity) bind(c)
        import
        integer(c_int32_t) :: mfl_spectrum_learn
        type(c_ptr), value :: spectrum
        real(c_double), intent(in), optional :: power(*)
        real(c_double), value :: samples
        real(c_double), value :: ridge
        real(c_double), value :: noise
        real(c_double), intent(out) :: results(*)
        real(c_double), intent(out), optional :: learnability(*)
        integer(c_int64_t), value :: capacity
    end function mfl_spectrum_learn
    function mfl_task_create_parity(context, dimension, degree, out) bind(c)
        import
        integer(c_int32_t) :: mfl_task_create_parity
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: degree
        type(c_ptr), intent(out) :: out
    end function mfl_task_create_parity
    function mfl_task_create_hermite(context, dimension, degree, out) bind(c)
        import
        integer(c_int32_t) :: mfl_task_create_hermite
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: degree
        type(c_ptr), intent(out) :: out
    end function mfl_task_create_hermite
    function mfl_task_create_relu(context, dimension, out) bind(c)
        import
        integer(c_int32_t) :: mfl_task_create_relu
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        type(c_ptr), intent(out) :: out
    end function mfl_task_create_relu
    function mfl_task_create_caller(context, dimension, link, user_data, out) bind(c)
        import
        integer(c_int32_t) :: mfl_task_create_caller
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        type(c_funptr), value :: link
        type(c_ptr), value :: user_data
        type(c_ptr), intent(out) :: out
    end function mfl_task_create_caller
    function mfl_task_create_sum(context, dimension, variables, terms, degrees, coefficients, &
        out) bind(c)
        import
        integer(c_int32_t) :: mfl_task_create_sum
        type(c_ptr), value :: context
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: variables
        integer(c_int64_t), value :: terms
        integer(c_int64_t), intent(in) :: degrees(*)
        real(c_double), intent(in) :: coefficients(*)
        type(c_ptr), intent(out) :: out
    end function mfl_task_create_sum
    subroutine mfl_task_destroy(task) bind(c)
        import
        type(c_ptr), value :: task
    end subroutine mfl_task_destroy
    function mfl_task_options(task, options) bind(c)
        import
        integer(c_int32_t) :: mfl_task_options
        type(c_ptr), value :: task
        type(c_ptr), intent(out) :: options
    end function mfl_task_options
    function mfl_task_set_support(task, support, count) bind(c)
        import
        integer(c_int32_t) :: mfl_task_set_support
        type(c_ptr), value :: task
        integer(c_int64_t), intent(in) :: support(*)
        integer(c_int64_t), value :: count
    end function mfl_task_set_support
    function mfl_task_set_direction(task, direction, count) bind(c)
        import
        integer(c_int32_t) :: mfl_task_set_direction
        type(c_ptr), value :: task
        real(c_double), intent(in) :: direction(*)
        integer(c_int64_t), value :: count
    end function mfl_task_set_direction
    function mfl_task_set_directions(task, directions, count, dimension, row_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_task_set_directions
        type(c_ptr), value :: task
        real(c_double), intent(in) :: directions(*)
        integer(c_int64_t), value :: count
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: row_stride
    end function mfl_task_set_directions
    function mfl_task_set_covariance(task, covariance, dimension, row_stride) bind(c)
        import
        integer(c_int32_t) :: mfl_task_set_covariance
        type(c_ptr), value :: task
        real(c_double), intent(in) :: covariance(*)
        integer(c_int64_t), value :: dimension
        integer(c_int64_t), value :: row_stride
    end function mfl_task_set_covariance
    function mfl_task_shape(task, kind, dimension, degree) bind(c)
        import
        integer(c_int32_t) :: mfl_task_shape
        type(c_ptr), value :: task
        integer(c_int32_t), intent(out), optional :: kind
        integer(c_int64_t), intent(out), optional :: dimension
        integer(c_int64_t), intent(out), optional :: degree
    end function mfl_task_shape
    function mfl_task_evaluate(task, rows, inputs, row_stride, targets) bind(c)
        import
        integer(c_int32_t) :: mfl_task_evaluate
        type(c_ptr), value :: task
        integer(c_int64_t), value :: rows
        real(c_double), intent(in) :: inputs(*)
        integer(c_int64_t), value :: row_stride
        real(c_double), intent(out) :: targets(*)
    end function mfl_task_evaluate
    function mfl_task_moments(task, mean, mean_square, error) bind(c)
        import
        integer(c_int32_t) :: mfl_task_moments
        type(c_ptr), value :: task
        real(c_double), intent(out), optional :: mean
        real(c_double), intent(out), optional :: mean_square
        real(c_double), intent(out), optional :: error
    end function mfl_task_moments
    function mfl_version_string() bind(c)
        import
        type(c_ptr) :: mfl_version_string
    end function mfl_version_string
    function mfl_version(major, minor, patch) bind(c)
        import
        integer(c_int32_t) :: mfl_version
        integer(c_int32_t), intent(out), optional :: major
        integer(c_int32_t), intent(out), optional :: minor
        integer(c_int32_t), intent(out), optional :: patch
    end function mfl_version
    function mfl_version_check(major, minor) bind(c)
        import
        integer(c_int32_t) :: mfl_version_check
        integer(c_int32_t), value :: major
        integer(c_int32_t), value :: minor
    end function mfl_version_check
    function mfl_version_feature(name, present) bind(c)
        import
        integer(c_int32_t) :: mfl_version_feature
        character(kind=c_char), intent(in) :: name(*)
        integer(c_int32_t), intent(out) :: present
    end function mfl_version_feature
    end interface
end module mflearn
