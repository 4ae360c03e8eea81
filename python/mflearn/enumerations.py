# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/update-bindings from include/mflearn; do not edit.
"""The enumerations of the library; wherever one is expected a name or a number will do."""
from enum import IntEnum


class Stop(IntEnum):
    """Why a long computation stopped; a property of its result, not an error."""

    NONE = 0
    """nothing was run yet."""

    CONVERGED = 1
    """the requested accuracy was reached."""

    COMPLETED = 2
    """the requested number of steps was made."""

    LIMIT = 3
    """a limit on work was reached before the requested accuracy."""

    CANCELLED = 4
    """the caller cancelled."""

    DIVERGED = 5
    """the numbers left their range."""


class ContextOption(IntEnum):
    """Options of a context, for Context.options()."""

    THREADS = 1001
    """int, >= 0: threads that long operations may use; 0 (default) counts the processors this process
    may run on. Results do not depend on it.
    """

    SEED = 1002
    """int: base seed of every random stream; default 1."""

    INSTRUCTION_SET = 1003
    """choice of InstructionSet: which build of the hot kernels runs; default auto."""

    LOG_LEVEL = 1004
    """choice of LogLevel: least severe message that reaches the log sink; default info."""


class InstructionSet(IntEnum):
    """Builds of the hot kernels."""

    AUTO = 0
    """the widest one this processor has."""

    BASELINE = 1
    """what every processor of the architecture has."""

    AVX2 = 2
    """AVX2 and FMA (x86-64-v3)."""

    AVX512 = 3
    """AVX-512 F, BW, DQ, VL (x86-64-v4)."""


class LogLevel(IntEnum):
    """Severity of a log message."""

    DEBUG = 0
    """for maintainers."""

    INFO = 1
    """choices the library made."""

    WARNING = 2
    """something the caller should know about the result."""

    NONE = 3
    """as an option: no messages."""


class Role(IntEnum):
    """What a drawn data set is for; data sets of different roles are independent."""

    TRAIN = 0
    """to learn from."""

    TEST = 1
    """to measure errors on."""

    VALIDATION = 2
    """to choose between settings."""


class CsvHeader(IntEnum):
    """Does a CSV file begin with the names of its columns?"""

    AUTO = 0
    """yes if no field of its first line is a number."""

    PRESENT = 1
    """yes."""

    ABSENT = 2
    """no."""


class Diagnostic(IntEnum):
    """What diagnose() tells of a trace. An effective sample size (ESS) is the number of independent
    draws with the same standard error. "Normalised": ranks over all chains, mapped to a normal
    law, take the place of the draws, so that heavy tails do no harm.
    """

    MEAN = 9001
    """mean over all draws of all chains."""

    DEVIATION = 9002
    """standard deviation over all draws."""

    R_HAT = 9003
    """the larger of the next two."""

    R_HAT_BULK = 9004
    """normalised split R-hat: do chains agree on the place?"""

    R_HAT_FOLDED = 9005
    """the same of distances from the median: do they agree on the scale?"""

    ESS_BULK = 9006
    """ESS of the normalised draws."""

    ESS_TAIL = 9007
    """the smaller ESS of the 5 % and 95 % quantiles."""

    ESS_MEAN = 9008
    """ESS of the mean, from the draws as they are."""

    MCSE_MEAN = 9009
    """Monte Carlo standard error of the mean."""

    MCSE_DEVIATION = 9010
    """that of the standard deviation."""


class TheoryOption(IntEnum):
    """Options of a theory, for Theory.options()."""

    TOLERANCE = 7001
    """number in [1e-12, 0.1]: relative accuracy asked of m; default 1e-8. The other results carry
    their own errors.
    """

    RESOLUTIONS = 7002
    """int in [3, 8]: finest resolution of the directions' quadrature; each costs about 1.2^k times as
    much as the one before; default 6.
    """

    EVALUATIONS = 7003
    """int >= 1: most evaluations of p(w) in one solve; default 2000."""

    NOISE = 7004
    """choice of TheoryNoise: "bare|renormalised"; default bare."""

    SELF_ENERGY = 7005
    """choice of TheorySelfEnergy: "none|bare|screened"; default bare."""

    PRIOR = 7006
    """choice of TheoryPrior: "isotropic|ard"; default isotropic."""

    ALPHA = 7007
    """number > 0: alpha0, shape of the Gamma law of the precisions rho_j; default 4."""

    BETA = 7008
    """number >= 0: beta0, its rate; default 0, which stands for alpha0 sigma_w^2/d, where the mean of
    rho_j is d/sigma_w^2.
    """

    SHARING = 7009
    """int >= 0: n, neurons that share one precision; default 1; 0 stands for the whole layer, N."""

    DAMPING = 7010
    """number in [0.01, 1]: weight of the new value in the moving average of log rho, and of the other
    outer order parameters, until the iteration is near a solution and is accelerated; default 0.5.
    """

    SOLVER = 7031
    """choice of TheorySolver: "quadrature|particles"; default quadrature."""

    PARTICLES = 7032
    """int in [32, 2^24]: particles of the solver of that name; default 1024."""

    STEPS = 7033
    """int >= 300: most steps of each particle in one solve; default 20000."""

    INDUCED = 7034
    """int in [-1, 24]: on gaussian inputs, the highest degree of Hermite modes that are followed
    though the target lacks them: for example the constant that ReLU neurons add. Default -1: up to
    the degree at which kernels are cut (doc/theory.md): 12 for one direction, 8 for two, 6 for
    three. 0: the target's modes alone, as if the kernel of the neurons stayed diagonal in all
    modes, which learns far too easily. What is left out beyond a cut is a part of the errors, but
    of the plain theory none of the tolerance. On the hypercube every such mode is followed;
    renormalised noise and screening follow at least those of the default.
    """


class TheorySolver(IntEnum):
    """How the averages over one neuron's law are taken."""

    QUADRATURE = 0
    """deterministic quadrature."""

    PARTICLES = 1
    """Langevin particles with a Metropolis test, and moving averages of order parameters. Errors are
    Monte Carlo standard errors, and a solve ends when that of m is TheoryOption.TOLERANCE times m:
    ask for 1e-3, not 1e-8. There is no log Z and no free energy; the residuals say by how much the
    averages still moved. Two branches that differ by less than five standard errors of m count as
    one.
    """


class TheoryNoise(IntEnum):
    """What takes the place of kappa^2 in a neuron's law."""

    BARE = 0
    """kappa^2."""

    RENORMALISED = 1
    """kt of doc/theory.md eq. (T16): modes that are not learned act as noise."""


class TheorySelfEnergy(IntEnum):
    """How a neuron feels its own output."""

    NONE = 0
    """not at all; p(w) may fail to exist."""

    BARE = 1
    """as if alone, (T6)."""

    SCREENED = 2
    """screened by the other neurons, (T13) and (T17)."""


class TheoryPrior(IntEnum):
    """Prior of the weights."""

    ISOTROPIC = 0
    """N(0, sigma_w^2/d)."""

    ARD = 1
    """Automatic relevance determination: a precision rho_j ~ Gamma(alpha0, beta0) for each input,
    (T12). Not the prior that a sampler of the network draws from.
    """


class TheoryPreset(IntEnum):
    """Closures with a name, for Theory.use()."""

    MF = 0
    """"mf": bare noise, bare self-energy, isotropic prior."""

    MF_ARD = 1
    """"mf_ard": the same with relevance determination."""

    MF_SCREENED = 2
    """"mf_screened": renormalised, screened, isotropic."""


class TheoryResult(IntEnum):
    """What a solve finds; keys never change."""

    M = 7101
    """m, coefficient of the posterior-mean predictor on the target's mode (m_S of a parity); with
    several modes E[fbar f*]/E[f*^2] = sum_A y_A m_A / E[f*^2]. Of one mode: m_A.
    """

    TEST_ERROR = 7102
    """Mean squared error of the mean predictor against the clean target, sum_A (y_A - m_A)^2 + what
    is left out.
    """

    DRAW_ERROR = 7103
    """The same for one network whose N neurons are independent draws from the single-neuron law p(w,
    a).
    """

    WEIGHT_ON = 7104
    """<w_j^2> on the support of a parity, <(w . u)^2> for a single-index teacher; the mean over
    several variables. Of one variable: its own.
    """

    WEIGHT_OFF = 7105
    """<w_j^2> per direction off the support; not available where there is none (d = k)."""

    SPECIALISED = 7106
    """Probability that a neuron is specialised: (w_S . s)^2 > k |w|^2 / 2 for a pattern s of k signs,
    of any parity in a sum; on gaussian inputs sum_j (w . u_j)^2 > |w|^2 / 2. It has an edge, on
    which the quadrature starts; where d = k there is no room for that, and three digits are what
    can be had, see its error.
    """

    LOG_Z = 7107
    """log Z, Z = integral of prior(w) (sigma_a^2 A)^(-1/2) exp(B^2/2A); not for infinite width."""

    FREE_ENERGY = 7108
    """F = (P/2 kappa^2)(|y|^2 - (1 - 1/N) |m|^2) - N log Z over the modes that are followed,
    stationary in m at the solution; not for infinite width.
    """

    RESIDUAL = 7109
    """|m - T(m)| at the reported m."""

    EVALUATIONS_USED = 7110
    """Evaluations of T that the solve took."""

    LAMBDA = 7111
    """lambda_S = N^(1 - 2 gamma) sigma_a^2 <J_S^2>, power of the kernel of all neurons on the
    target's mode; with several modes their mean with weights y_A^2. Of one mode: lambda_A.
    """

    EFFECTIVE_NOISE = 7112
    """Effective noise: kappa^2, or kt of (T16) with renormalised noise."""

    RHO_ON = 7113
    """rho_j on the support, the mean over several variables; of one variable its own. With relevance
    determination only.
    """

    RHO_OFF = 7114
    """rho_j off the support; with relevance determination only."""

    RESIDUAL_RHO = 7115
    """Largest relative change of a precision that (T12) still asks for; 0 where there is none."""

    RESIDUAL_NOISE = 7116
    """The same of the noise and (T16)."""

    RESIDUAL_LAMBDA = 7117
    """The same of the powers and (T15)."""

    LEFT_OUT = 7118
    """Power of the target on modes that are not followed, because no neuron sees them or beyond
    degree 24 of a teacher that is expanded; part of the test error.
    """


class TheoryMarginals(IntEnum):
    """Marginal densities of the single-neuron law, for Theory.marginal(). A sign pattern s of a
    parity of degree k is a vector of k signs; a single-index teacher has k = 1 and u for its
    support. With several variables see also Theory.marginal_along().
    """

    ON = 0
    """A weight w_j on the support; w . u. With several variables that differ, the mean of their
    densities.
    """

    OFF = 1
    """a weight off the support; not for d = k."""

    PATTERN = 2
    """w_S . s/sqrt(k) for the pattern (1, ..., 1) of all variables; of a parity all have the same."""

    ALIGNMENT = 3
    """What is above 1/2 where a neuron counts as specialised, in [0, 1]: max_s (w_S . s)^2/(k |w|^2),
    in a sum the largest of its parities; on gaussian inputs sum_j (w . u_j)^2/|w|^2. From d = 3
    on, with r directions on gaussian inputs from d = r + 2 on; of one variable it grows like
    x^(-1/2) at x = 0.
    """


class TheoryEmpiricalOption(IntEnum):
    """The option that only theories of a training set have, beside those of TheoryOption."""

    SWEEPS = 7051
    """int >= 48: most sweeps, each one trajectory of every particle; default 1000. The first 16 are
    not counted in results, of the others the later half is.
    """


class TheoryEmpiricalResult(IntEnum):
    """What a theory of a training set finds besides; keys never change."""

    OVERLAP = 7151
    """sum f y/sum y^2 over the training set, f the mean predictor: 1 where all is learned."""

    TRAIN_ERROR = 7152
    """Mean squared error of the mean predictor on the training targets."""

    R_HAT = 7153
    """The larger R-hat (diagnostics.h) of overlap and m over four populations of particles: above 1.2
    particles have not mixed, and a solve does not end unless all populations, in both halves of
    their sweeps, are within two tolerances of the mean in both.
    """

    PARTICLES_USED = 7154
    """Number of particles, M."""

    SWEEPS_USED = 7155
    """Sweeps done."""

    ACCEPTANCE = 7156
    """Share of trajectories that were accepted in the last sweep."""

    CONTROL = 7157
    """Share of the shadows in the kernel: 1 at infinite width, less the more neurons learn, and less
    still where too few particles for so many samples left it indefinite.
    """

    EFFECTIVE = 7158
    """Effective share of the particles, the rest having been spent on the way between humps of their
    law.
    """


class ModelOption(IntEnum):
    """Options of a model, for Model.options()."""

    GAMMA = 2001
    """number in [0, 2]: scaling exponent gamma; 1/2 (default) is standard scaling, 1 mean-field."""

    SIGMA_W = 2002
    """number > 0: sigma_w, so that weights have prior variance sigma_w^2 / d; default 1."""

    SIGMA_A = 2003
    """number > 0: sigma_a, prior standard deviation of the readout; default 1."""

    ACTIVATION = 2004
    """choice of Activation; default relu. Use Model.set_activation() for a function of your own."""

    LEAK = 2005
    """number: slope of the leaky ReLU for negative arguments; default 0.01."""


class Activation(IntEnum):
    """Activation functions phi(z)."""

    RELU = 0
    """max(z, 0)."""

    LEAKY = 1
    """z for z > 0, leak z otherwise."""

    ERF = 2
    """erf(z)."""

    TANH = 3
    """tanh(z)."""

    GELU = 4
    """z Phi(z), Phi the normal distribution function."""

    LINEAR = 5
    """z."""

    QUADRATIC = 6
    """z^2."""

    CALLER = 7
    """set by Model.set_activation()."""


class OptionType(IntEnum):
    """Types of options."""

    INT = 1
    """a 64-bit integer."""

    DOUBLE = 2
    """a finite number."""

    CHOICE = 3
    """an integer whose values have names, counted from 0."""


class PathParameter(IntEnum):
    """What moves along a path."""

    SAMPLES = 0
    """P, a real number."""

    KAPPA = 1
    """kappa."""

    WIDTH = 2
    """N, taken as a real number; must be finite."""

    DIMENSION = 3
    """d, an integer: stable branches only, followed in steps of whole numbers, no transitions. Where
    a branch is lost is known to within 1/2.
    """

    SIGMA_W = 4
    """sigma_w."""

    SIGMA_A = 5
    """sigma_a."""

    ALPHA = 6
    """alpha0; beta0 keeps the value it was set to, or moves with it."""


class PathOption(IntEnum):
    """Options of a path, for Path.options()."""

    STEP = 7201
    """number in [1e-3, 1]: most change of the logarithm of the parameter from point to point; default
    0.1.
    """

    POINTS = 7202
    """int >= 2: most points of one curve; default 2000."""


class PathCriterion(IntEnum):
    """Where learning begins, for Path.critical()."""

    STEEPEST = 0
    """Where |dm/d ln p| is largest on the stable branch that reaches the larger m; only where no fold
    interrupts it.
    """

    FOLD = 1
    """Where the branch with the smaller m is lost: the fold at its end."""

    PINNED = 2
    """Where the tangent at m = 1/2 reaches m = 0. Past its onset the plain mean field has 1 - m
    proportional to kappa/kappa_c, and to sqrt(P_c/P), so the tangent is taken in kappa (in
    P^(-1/2) along P, in p itself for other parameters). The error contains, beside that of the
    tangent, half the distance to the same construction at m = 0.6: how far from a straight line
    the theory is.
    """


class SamplerOption(IntEnum):
    """Options of a sampler, for Sampler.options(). After the first run only the number of draws can
    change; the others answer StateError. Seed and instruction set are those of the context at the
    first run.
    """

    STEP_SIZE = 5001
    """number >= 0: step size eta of SGLD and gradient descent, time step h of the others (h^2/2 in
    the role of eta); 0 (default) chooses it by SamplerOption.STEP_FRACTION, and for MALA and HMC
    then adapts it during burn-in to an acceptance of 0.574 and 0.8.
    """

    STEP_FRACTION = 5002
    """number in (0, 2): automatic steps are eta = fraction / L, L the largest curvature met during
    burn-in in whitened coordinates; 2 is the limit of stability; default 0.4. With minibatches the
    step is multiplied by batch/P.
    """

    CHAINS = 5003
    """int in [1, 4096]: independent chains, each started from its own prior draw; default 2."""

    BURN_IN = 5004
    """int >= -1: steps of each chain before the first draw; -1 (default) is 5000 for BAOAB, 400 for
    HMC, whose step is a whole trajectory, and 20000 for the others.
    """

    DRAWS = 5005
    """int >= 1: draws of each chain in one run; default 800."""

    THINNING = 5006
    """int >= 0: steps from one draw to the next; 0 (default) is 1 for HMC and 25 for the others."""

    PRECISION = 5007
    """choice of Precision: arithmetic of the steps; default float32."""

    RUN_INDEX = 5008
    """int in [0, 4096): which independent run of one seed. Chain c starts from prior draw 4096
    run_index + c of Network.draw_prior(); default 0.
    """

    FREEZE = 5009
    """choice none|first_layer|readout: weights that keep their initial values; default none."""

    METHOD = 5010
    """choice of Method; default baoab."""

    MASS = 5011
    """choice of Mass; default auto."""

    BATCH = 5012
    """int >= 0: samples of each stochastic gradient of SGLD, gradient descent or BAOAB; 0 (default)
    takes all.
    """

    GIBBS = 5013
    """int >= 0: steps from one exact redraw of the readouts a | W to the next; 0 (default) makes
    none. With redraws the steps move the first layer only, and are about twice as long. The chains
    wait for each other at redraws, whose last bits depend on the host's BLAS. O(P N d + P N min(P,
    N) + min(P, N)^3) a redraw.
    """

    START = 5014
    """choice of Start, for chains that Sampler.set_start() gives no network; default prior."""

    ANNEAL_FROM = 5015
    """number >= 0: annealed start: the noise at the first step, lowered to kappa geometrically during
    the first half of burn-in; 0 (default) begins at kappa.
    """

    STEP_DECAY = 5016
    """number in [0, 1]: exponent c of decreasing SGLD and descent steps, eta (1 + t/b)^-c at step t;
    default 0, constant.
    """

    STEP_DECAY_SCALE = 5017
    """number >= 1: the b of it, in steps; default 1000."""

    PATH_LENGTH = 5018
    """number > 0: mean time of an HMC trajectory, whose leapfrog steps are at most 1024; default 0.6.
    In time pi/2 a weight that the data do not hold forgets where it was (prior mass).
    """

    PATH_JITTER = 5019
    """number in [0, 1]: trajectories last uniformly 1 - jitter to 1 + jitter times that; default 0.5."""

    FRICTION = 5020
    """number >= 0: friction of BAOAB, the rate at which momenta are forgotten; default 1. During the
    first eighth of burn-in they are forgotten at every step.
    """

    RUNGS = 5021
    """int in [1, 128]: replica exchange: each chain becomes a ladder of that many replicas, from the
    sampler's kappa up to SamplerOption.KAPPA_HOT, that swap states with their neighbours. The
    noises between are spaced during burn-in so that all neighbours swap equally often; rungs times
    chains at most 4096. Default 1.
    """

    KAPPA_HOT = 5022
    """number >= 0: noise of the last rung, above the sampler's; 0 (default) takes it so large that
    the data hardly matter, which the evidence needs.
    """

    SWAP = 5023
    """int >= 0: steps from one exchange of replicas to the next; 0 (default) is those from draw to
    draw.
    """


class Method(IntEnum):
    """How the chains move."""

    SGLD = 0
    """Langevin dynamics."""

    GRADIENT_DESCENT = 1
    """no noise: towards a minimum of U."""

    MALA = 2
    """Langevin steps, accepted or rejected."""

    BAOAB = 3
    """underdamped Langevin dynamics."""

    HMC = 4
    """Hamiltonian trajectories, accepted or rejected."""


class Mass(IntEnum):
    """Masses. A weight of mass M moves with steps in proportion to M^-1/2."""

    AUTO = 0
    """unit for SGLD and gradient descent, else prior."""

    UNIT = 1
    """1."""

    PRIOR = 2
    """d/sigma_w^2 for the first layer, 1/sigma_a^2 for the readout."""

    ADAPTIVE = 3
    """one over each weight's variance, measured during burn-in."""


class Start(IntEnum):
    """Where chains begin."""

    PRIOR = 0
    """a prior draw each."""

    PLANTED = 1
    """a prior draw each that has then learned the task (Network.plant())."""


class Precision(IntEnum):
    """Arithmetic of the inner loops. Sums over samples that enter results are in double either way."""

    FLOAT32 = 0
    """single precision."""

    FLOAT64 = 1
    """double precision."""


class Freeze(IntEnum):
    """Weights that do not move."""

    NONE = 0
    """all weights move."""

    FIRST_LAYER = 1
    """W keeps its start; the posterior of a is Gaussian."""

    READOUT = 2
    """a keeps its start."""


class SamplerResult(IntEnum):
    """Results of a sampler, for Sampler.get(). "Mean predictor": predictions averaged over all draws
    of all chains. Errors are mean squared errors without a factor 1/2, against noise-free targets
    where the data have them. Not-a-number where a result does not apply.
    """

    TRAIN_ERROR = 5101
    """error of the mean predictor on the training targets."""

    TEST_ERROR = 5102
    """error of the mean predictor on the test set."""

    TEST_ERROR_DRAW = 5103
    """error of single draws on the test set, averaged."""

    TEST_ERROR_NOISY = 5104
    """error of the mean predictor on the noisy test targets."""

    ORDER_PARAMETER = 5105
    """m of the task's mode, from the weights, averaged."""

    ORDER_PARAMETER_SE = 5106
    """its standard error: the larger of that between chains and that between tenths of chains; too
    small while chains still drift.
    """

    POTENTIAL = 5107
    """U of (T2), averaged over draws."""

    STEP = 5108
    """smallest step size eta in use."""

    DRAWS_TOTAL = 5109
    """draws so far, over all chains."""

    STEPS_TOTAL = 5110
    """steps so far, over all chains."""

    STOP = 5111
    """Stop of the last run."""

    TEST_ERROR_SE = 5112
    """standard error of TEST_ERROR by the jackknife over chains."""

    TRAIN_ERROR_DRAW = 5113
    """error of single draws on the training targets, averaged."""

    ACCEPTANCE = 5114
    """mean acceptance of MALA or HMC after burn-in."""

    DIVERGENCES = 5115
    """trajectories after burn-in whose energy grew by over 1000."""

    GRADIENTS_TOTAL = 5116
    """gradients of all samples so far, over all chains."""

    KAPPA = 5117
    """noise of the rung."""

    SWAP_RATE = 5118
    """mean acceptance of swaps with the next rung, after burn-in."""

    ROUND_TRIPS = 5119
    """replicas' ways from the first rung to the last and back, after burn-in, over all ladders."""

    LOG_EVIDENCE = 5120
    """log p(y | kappa) of the rung, by the multistate Bennett acceptance ratio over all rungs;
    not-a-number where the last rung is too cold to reach the prior from. Assumes that all rungs
    are in equilibrium.
    """

    LOG_EVIDENCE_SE = 5121
    """its error, by the jackknife over tenths of the run."""

    LOG_EVIDENCE_GAIN = 5122
    """the same less that of the last rung."""

    LOG_EVIDENCE_GAIN_SE = 5123
    """its error."""


class WeightBins(IntEnum):
    """Bins of Sampler.weight_histogram()."""

    BINS = 161
    """sigma_w/40 wide each, the middle one around 0."""


class SamplerTraceKind(IntEnum):
    """Traces of a sampler: one number a draw, for Sampler.trace()."""

    POTENTIAL = 1
    """U."""

    ORDER_PARAMETER = 2
    """m of the task's mode."""

    TEST_ERROR = 3
    """error of the draw on the test set."""

    RESIDUAL = 4
    """sum over the training set of (y - f)^2."""

    RELEVANT_SQUARE = 5
    """mean over neurons of |w_S|^2 on the support of the task's parity or sum, or of (w.u)^2, added
    up over the directions u of a teacher.
    """

    IRRELEVANT_SQUARE = 6
    """mean over neurons of what is left of |w|^2."""

    ACCEPTANCE = 7
    """acceptance of the step before the draw."""

    CALLER = 100
    """the first of Sampler.add_observable()."""


class RidgeOption(IntEnum):
    """Options of a regression, for Ridge.options()."""

    KERNEL = 6001
    """choice of RidgeKernelKind; default nngp."""

    ACTIVATION = 6002
    """choice of RidgeActivation; default model."""

    DEGREE = 6003
    """integer from 0 to 200: degree of the Hermite activation and of the polynomial kernel; default
    2.
    """

    OFFSET = 6004
    """number >= 0: what the polynomial kernel adds to x.x'; default 1."""

    TERMS = 6005
    """integer from 8 to 2000: terms of the series for a caller's activation; default 256."""

    SOLVER = 6010
    """choice of RidgeSolver; default cholesky."""

    MEMORY_LIMIT = 6011
    """integer: bytes that a fit may take, 0 (default) for no limit; see Ridge.memory()."""

    TOLERANCE = 6012
    """number: residual |y - (K + kappa^2) alpha| / |y| at which conjugate gradients stop; default
    1e-8.
    """

    ITERATIONS = 6013
    """integer: most iterations of conjugate gradients; default 1000."""

    RANK = 6014
    """integer: rank of the preconditioner of conjugate gradients; default 500."""

    STEPS = 6020
    """integer: most steps of Ridge.optimise(); default 100."""

    STEP_TOLERANCE = 6021
    """number: relative change of the log evidence at which Ridge.optimise() stops; default 1e-9."""


class RidgeKernelKind(IntEnum):
    """Kernels."""

    NNGP = 0
    """of the network's outputs under the prior."""

    NTK = 1
    """the tangent kernel."""

    RBF = 2
    """Gaussian of the distance."""

    POLYNOMIAL = 3
    """power of the inner product."""

    LINEAR = 4
    """inner product."""

    CALLER = 5
    """a function of the caller's."""

    PRECOMPUTED = 6
    """matrices of the caller's."""


class RidgeActivation(IntEnum):
    """Activations of the network kernels."""

    MODEL = 0
    """the model's."""

    HERMITE = 1
    """He_n(z) / sqrt(n!), n the option "degree"."""

    SIN = 2
    """sin(z)."""

    SIGN = 3
    """sign(z), 0 at 0; it has no tangent kernel."""


class RidgeSolver(IntEnum):
    """Solvers."""

    CHOLESKY = 0
    """exact, by Cholesky factorisation: P^3 / 3 operations, 8 P^2 bytes."""

    GRADIENTS = 1
    """preconditioned conjugate gradients on products that never store the matrix: 8 P (rank + 100)
    bytes. It gives weights and means, neither variances nor evidence.
    """


class RidgeResult(IntEnum):
    """Numbers that a fit leaves, for Ridge.get()."""

    KAPPA = 6501
    """noise of the fit."""

    SIGMA_W = 6502
    """sigma_w of the fit."""

    SIGMA_A = 6503
    """sigma_a of the fit."""

    KERNEL_ERROR = 6504
    """error of the series of a caller's activation on the training inputs, as Ridge.kernel_error();
    else 0.
    """

    RESIDUAL = 6505
    """|y - (K + kappa^2) alpha| / |y| by conjugate gradients, else 0."""

    STEPS_DONE = 6506
    """iterations of conjugate gradients or of the optimiser."""

    STOP = 6507
    """Stop of what was iterated; completed without iteration."""

    RANK_USED = 6508
    """rank of the preconditioner."""


class RidgeVary(IntEnum):
    """What Ridge.optimise() may vary; add them up."""

    KAPPA = 1
    """noise."""

    SIGMA_A = 2
    """scale of the readout."""

    SIGMA_W = 4
    """scale of the first layer, isotropic."""

    PRECISIONS = 8
    """every rho_j: automatic relevance determination. Not with sigma_w."""


class SpectrumLaw(IntEnum):
    """Laws of inputs with spectra by degree."""

    HYPERCUBE = 0
    """uniform on {-1, +1}^d; parities of degree k."""

    GAUSSIAN = 1
    """N(0, I_d)."""

    SPHERE = 2
    """uniform on |x| = sqrt(d); spherical harmonics."""


class SpectrumResult(IntEnum):
    """Numbers of a learning curve, by their place in the output of Spectrum.learn()."""

    EFFECTIVE_RIDGE = 0
    """r."""

    OVERFITTING = 1
    """E0."""

    TEST_ERROR = 2
    """with the noise of test labels."""

    TRAIN_ERROR = 3
    """on the noisy labels."""

    RESULTS = 4
    """how many there are."""


class TaskOption(IntEnum):
    """Options of a task, for Task.options()."""

    INPUT_LAW = 3001
    """choice of InputLaw; default hypercube for parities, gaussian for single-index teachers."""


class InputLaw(IntEnum):
    """Laws of the inputs x in R^d."""

    HYPERCUBE = 0
    """uniform on {-1, +1}^d."""

    GAUSSIAN = 1
    """N(0, I_d)."""

    SPHERE = 2
    """uniform on the sphere of radius sqrt(d)."""

    CORRELATED = 3
    """N(0, C), C set by Task.set_covariance(); not for parities."""


class TaskKind(IntEnum):
    """Families of targets."""

    PARITY = 1
    """prod_{j in S} x_j."""

    HERMITE = 2
    """He_q(u . x)/sqrt(q!)."""

    RELU = 3
    """max(u . x, 0)."""

    CALLER = 4
    """g(u . x), g the caller's."""

    SUM = 5
    """a sum of products of Hermite polynomials, or of parities."""
