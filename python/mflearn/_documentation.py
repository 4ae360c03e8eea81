# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/update-bindings from include/mflearn; do not edit.
"""What the headers say of functions whose methods are written by hand."""
DOCUMENTATION = {
    'mfl_status_message':
"""What a status code means, as a sentence without a final stop.""",
    'mfl_context_create':
"""Create a context that allocates with malloc.

:raises: MflearnMemoryError.
""",
    'mfl_context_set_log':
"""Send log messages to a function.""",
    'mfl_context_set_progress':
"""Send progress of long operations to a function, which can also cancel them.""",
    'mfl_context_provenance':
"""One line that says how results of this context come about: version, instruction set, options.

It is written into every file the library makes.

:raises: MflearnBufferError if it did not fit (`text` holds what did).
""",
    'mfl_dataset_copy':
"""Make a data set from a copy of the caller's numbers.

:raises: ArgumentError; SizeError; MflearnMemoryError; NotFiniteError (the message names row and
    column, from 0).
""",
    'mfl_dataset_view':
"""Make a data set that reads its inputs where the caller keeps them; the targets are copied.

`inputs` must stay valid and unchanged until the data set and everything made from it is destroyed;
numbers are checked now and not again.

:raises: as Dataset.copy().
""",
    'mfl_dataset_take':
"""Copy some samples, in the given order, into a new data set.

:raises: ArgumentError; SizeError; MflearnMemoryError.
""",
    'mfl_dataset_split':
"""Split into a random training set and the rest.

The permutation depends on the context's seed and `index` alone: a smaller training set is the
beginning of a larger one.

:raises: ArgumentError; MflearnMemoryError.
""",
    'mfl_dataset_standardisation':
"""The shifts and scales of a standardised data set: x = mean + scale x', y = target_mean +
target_scale y'.

:raises: StateError if it is not standardised; MflearnBufferError.
""",
    'mfl_dataset_inputs':
"""Where the inputs are: element (mu, j) at inputs[mu * row_stride + j * column_stride].""",
    'mfl_dataset_targets':
"""Where the targets are.

:raises: StateError if there are none.
""",
    'mfl_dataset_clean_targets':
"""Where the noise-free targets are. Only data drawn from a task have them.

:raises: StateError if they are not known.
""",
    'mfl_dataset_copy_inputs':
"""Copy the inputs out, row-major without gaps.

:raises: MflearnBufferError.
""",
    'mfl_dataset_copy_targets':
"""Copy the targets out.

:raises: MflearnBufferError; StateError if there are none.
""",
    'mfl_diagnose':
"""Diagnostics of a trace.

:raises: SizeError; ArgumentError for an unknown key; MflearnMemoryError. O(S log S) for S draws
    altogether, whatever is asked for: ask for all at once.
""",
    'mfl_diagnose_quantiles':
"""Quantiles of a trace and how well they are known.

:raises: as diagnose(); ArgumentError for a probability outside [0, 1].
""",
    'mfl_diagram_create':
"""Solve a theory on a grid.

The theory's closure and options hold, its tolerance among them: 1e-4 is plenty for a picture and
much faster than the default. Reports progress. A point that does not converge is marked, see
Diagram.point(), and does not stop the others.

:raises: ArgumentError; SizeError; CancelledError; UnsupportedError as Theory.solve();
    MflearnMemoryError Memory: a quadrature for each thread, 6 kB a point.
""",
    'mfl_theory_create':
"""Set up the theory of a task and a model; both are copied.

:raises: SizeError (dimensions differ); UnlearnableError; UnsupportedError; ArgumentError (infinite
    width with gamma < 1/2); MFL_ERROR_MEMORYs.
""",
    'mfl_theory_solve':
"""Solve the self-consistency for one number of samples and one noise.

Quadratures are kept: further solves of the same theory are much cheaper than the first. Whether
the tolerance was met is a property of the result, see Theory.stop(); a result that was cut short
still carries its error. A failed call leaves no result.

:raises: ArgumentError; ToleranceError (P/kappa^2 too large to be integrated); UnsupportedError
    (the closure is not known for this task); DivergedError (without self-energy, p(w) cannot be
    normalised); CancelledError when there was no result yet; MflearnMemoryError. Time at default
    tolerance, d = 35: for k = 4 about 30 ms (mf), 0.5 s (mf_ard, mf_screened); k = 6 below 1 s; k
    = 8 some seconds, with an error of 1e-9 to 1e-5. Less for larger d.
""",
    'mfl_theory_sample':
"""Draw independent neurons (w, a) from the law p(w, a) of the selected branch.

Neuron i depends on the solved law, the context's seed and i alone, so that ranges that do not
overlap are independent, however they are cut and on however many threads they are drawn. The draws
are exact up to what the quadrature left open in the order parameters and a part below about 1e-4
of the law: by rejection under bounds that were searched for and rehearsed (doc/theory.md). A
network of such neurons is `N^-gamma sum_i a_i phi(w_i . x)`.

:raises: ArgumentError; StateError (nothing solved); CancelledError; MflearnMemoryError;
    CallbackError (the caller's activation refused) Time: the first call after a solve searches the
    bounds, about 0.1 s (1 s with screening, with three variables, or for other activations than
    ReLU, leaky ReLU and linear); a neuron takes some microseconds and 10 ns times d.
""",
    'mfl_theory_marginal':
"""A marginal density of the selected branch's law, at points of the caller's.

It is the average over `draws` neurons, those of Theory.sample() from index 0 on, of the density of
the law along a curve through each of them: no bins, no bias, smooth in the grid, and exact far
from where neurons are drawn. The error is the standard error of that average; errors at different
points are correlated.

:raises: ArgumentError; StateError (nothing solved, or no such density); CancelledError;
    MflearnMemoryError; or as Theory.sample(). Time: for k = 4 about 0.2 ms a draw, shared by the
    context's threads (not with a caller's activation); results do not depend on their number.
""",
    'mfl_theory_finite_modes':
"""The same for m_A of every mode, at once.

:raises: as Theory.finite(), and SizeError where count is another number.
""",
    'mfl_theory_mode':
"""Which mode stands at a position, and its coefficient in the target.

:raises: ArgumentError; SizeError (capacity below the number of variables)
""",
    'mfl_theory_create_empirical':
"""Set up the theory of a training set.

Refused with a sentence: dimensions that differ, no targets, closures that are not available. Noted
in the log, at level LogLevel.WARNING, when a solve begins: inputs that are zero or constant
throughout, samples that repeat inputs of others, and particles that are few for so many samples;
and when one ends by the number of sweeps, what it lacks and what helps.

:raises: SizeError (dimensions differ); StateError (no targets); ArgumentError (infinite width with
    gamma other than 1/2); UnsupportedError (m of this task is not known); ContextError;
    MflearnMemoryError. Theory.solve() then takes for `samples` how many rows to learn from, the
    first ones: an integer from 1 to their number. It returns besides NotPositiveDefiniteError,
    where kappa is too small for inputs that are equal or nearly so, and CallbackError.
""",
    'mfl_theory_predict':
"""The mean predictor and the variance of f at new inputs.

The mean is k(x) . v with v of the solve and k(x) an average over particles of its last sweeps, so
that on training inputs it agrees with the solve up to Monte Carlo errors; the variance is that of
(T14), K(x, x) - k(x)^T (K + kappa^2)^-1 k(x); add kappa^2 for that of a new observation.

:raises: StateError (nothing solved, or not of a training set); SizeError; NotFiniteError;
    CallbackError; CancelledError; MflearnMemoryError. O(16 M d) a mean.
""",
    'mfl_theory_relevances':
"""How much the data made of each input.

With relevance determination the prior precision over rho_j, (alpha0/beta0)/rho_j; without it
<w_j^2> over its prior value. 1 is an input on which nothing was learned.

:raises: StateError; MflearnBufferError; MflearnMemoryError.
""",
    'mfl_theory_select_inputs':
"""Which inputs stand out.

The rule: input j is selected where (log relevance_j - median)/spread exceeds a threshold, spread
being the median distance from the median, and would if <w_j^2> were less by four of its Monte
Carlo errors. The threshold is the 1 - rate quantile of the largest of d such numbers for log
relevances that are, up to shift and scale, squares of independent normal numbers, as chance
correlations make them; so on data without any relevant input one or more are selected with a
probability of `rate` or, where there are other sources of spread, less. Less than half of the
inputs should be relevant; add columns of noise where that is in doubt.

:raises: ArgumentError; StateError; MflearnBufferError; MflearnMemoryError.
""",
    'mfl_model_set_activation':
"""Use an activation function of the caller's; sets ModelOption.ACTIVATION to caller.""",
    'mfl_network_set_activation':
"""Give the activation function again to a network that was loaded from a file.

:raises: StateError if the activation is one of the library's.
""",
    'mfl_network_set_weights':
"""Copy weights into the network.

:raises: SizeError; NotFiniteError (nothing is changed).
""",
    'mfl_network_copy_weights':
"""Copy weights out of the network.

:raises: SizeError.
""",
    'mfl_network_forward':
"""Predictions f(x) on a batch of inputs; O(rows N d).

:raises: SizeError; NotFiniteError, also where a prediction exceeds the range of numbers;
    CallbackError; StateError without activation; MflearnMemoryError.
""",
    'mfl_network_potential':
"""The potential U whose Gibbs measure exp(-U) is the posterior, and its gradient.

U = 1/(2 kappa^2) sum_mu (y_mu - f(x_mu))^2 + d/(2 sigma_w^2) |W|^2 + 1/(2 sigma_a^2) |a|^2 (T2).

:raises: SizeError; ArgumentError; ContextError; NotFiniteError; CallbackError; MflearnMemoryError.
""",
    'mfl_options_count':
"""Number of options of a handle.""",
    'mfl_options_key':
"""Key of the option at a position.

:raises: ArgumentError past the end.
""",
    'mfl_options_find':
"""Key of the option of a name.

:raises: OptionError if there is none.
""",
    'mfl_options_describe':
"""Type, name and meaning of an option.

:raises: OptionError.
""",
    'mfl_options_bounds_int':
"""Inclusive bounds and default of an integer option or a choice.

:raises: OptionError; OptionTypeError.
""",
    'mfl_options_bounds_double':
"""Inclusive bounds and default of a number.

:raises: OptionError; OptionTypeError.
""",
    'mfl_options_set_int':
"""Set an integer option or a choice.

:raises: OptionError; OptionTypeError; OptionRangeError; StateError where the handle can no longer
    change it; UnsupportedError for an instruction set this processor lacks.
""",
    'mfl_options_set_double':
"""Set a number.

:raises: as Options.set_int().
""",
    'mfl_options_set_text':
"""Set an option of any type from text, as a command line gives it.

:raises: as Options.set_int(), and ParseError.
""",
    'mfl_options_get_int':
"""Read an integer option or a choice.

:raises: OptionError; OptionTypeError.
""",
    'mfl_options_get_double':
"""Read a number.

:raises: OptionError; OptionTypeError.
""",
    'mfl_options_is_set':
"""Was the option set, and not reset since?

:raises: OptionError.
""",
    'mfl_options_reset':
"""Go back to the default.

:raises: OptionError; StateError where the handle can no longer change it.
""",
    'mfl_options_write':
"""All options and their values as text, "name=value,name=value".

:raises: MflearnBufferError if it did not fit (`text` holds what did).
""",
    'mfl_path_follow':
"""Follow all branches of a range; replaces what was followed before.

Reports progress and can be cancelled; what was found until then remains.

:raises: ArgumentError; CancelledError when nothing was found yet; ToleranceError, DivergedError or
    UnsupportedError as Theory.solve() when neither end can be solved; MflearnMemoryError. Time:
    per point about that of a solve, less where the tolerance is loose.
""",
    'mfl_sampler_create':
"""Prepare to sample the posterior of a model given data.

:raises: ArgumentError; SizeError; ContextError; MflearnMemoryError.
""",
    'mfl_sampler_set_test':
"""Collect predictions on a test set.

:raises: SizeError; StateError after the first run; ContextError.
""",
    'mfl_sampler_add_observable':
"""Trace a scalar of the caller's.

:raises: SizeError; StateError; MflearnMemoryError.
""",
    'mfl_sampler_run':
"""Run the chains: burn-in the first time, then a number of draws of each. Run again for more draws.

Chains run in parallel on the context's threads. A cancelled run keeps the draws that every chain
has made, and can be resumed by running again. Cost of a step: about 4 N d P operations.

:raises: DivergedError with the chain, the step and a remedy; NotFiniteError where a chain starts
    with predictions that are not finite; CallbackError, after which the run can be tried again;
    MflearnMemoryError; SizeError; StateError after a divergence; ArgumentError for options that do
    not go together.
""",
    'mfl_sampler_predictions':
"""Mean and standard deviation over draws of the prediction at every test input.

:raises: MflearnBufferError; StateError without test set or draws.
""",
    'mfl_sampler_second_moments':
"""Second moment of the first-layer weights per input coordinate, averaged over neurons and draws.

:raises: MflearnBufferError; StateError without draws.
""",
    'mfl_sampler_trace':
"""One chain's values of a quantity, one a draw.

:raises: ArgumentError; MflearnBufferError if they do not all fit (the first ones are there).
""",
    'mfl_sampler_diagnose':
"""Diagnostics of a trace: R-hat, effective sample sizes and standard errors (diagnostics.h).

Over the draws that every chain has made.

:raises: ArgumentError; StateError for a trace that is not measured; MflearnMemoryError.
""",
    'mfl_sampler_diagnose_rung':
"""The same for one rung of a ladder: its chains are the draws that were made at its noise.

:raises: as Sampler.diagnose(); ArgumentError for a rung that there is not; StateError before the
    first run.
""",
    'mfl_ridge_set_kernel':
"""Use a kernel of the caller's; sets RidgeOption.KERNEL to caller and forgets a fit.""",
    'mfl_ridge_set_precisions':
"""Give every input coordinate its own prior precision: w_j ~ N(0, 1 / rho_j). Forgets a fit.

:raises: SizeError; ArgumentError; MflearnMemoryError.
""",
    'mfl_ridge_precisions':
"""The prior precisions of the weights, d / sigma_w^2 each unless they were set or optimised.

:raises: MflearnBufferError.
""",
    'mfl_ridge_kernel':
"""Values of the kernel, without ridge.

:raises: SizeError; NotFiniteError; MflearnMemoryError; CancelledError.
""",
    'mfl_ridge_kernel_error':
"""Error of the kernel of a caller's activation between any two of some inputs, relative to sqrt(K(x,
x) K(x', x')).

The sum of two parts. What the end of the series leaves out is bounded by the power that is
missing; more terms (RidgeOption.TERMS) reduce it. The error of the coefficients is estimated by
halving the spacing of their integrals. Both grow with the length of inputs and with kinks.

:raises: SizeError; NotFiniteError; CallbackError; MflearnMemoryError; CancelledError.
""",
    'mfl_ridge_fit':
"""Fit: build K + kappa^2 I and factorise it. What the handle held before is replaced.

Takes P^3 / 3 operations, and memory for P^2 numbers, which the handle keeps. The inputs are
copied.

:raises: ArgumentError; SizeError if the dimensions differ; StateError without targets;
    ContextError; NotFiniteError if K overflows; NotPositiveDefiniteError if kappa is too small for
    inputs that are equal or nearly so: raise kappa; MflearnMemoryError; CancelledError. After a
    failure the handle is not fitted, and can be fitted again.
""",
    'mfl_ridge_predict':
"""Posterior mean and variance of f at new inputs.

The variance is that of f; add kappa^2 for that of a new observation. It is computed as a
difference and rounds to about 1e-16 (1 + K / kappa^2) K(x, x); values below zero are returned as
zero. Cost a point: P kernel values for the mean, P^2 operations for the variance.

:raises: StateError before a fit; SizeError; NotFiniteError, also where the prediction exceeds the
    range of numbers; MflearnMemoryError; CancelledError. After a failure the outputs hold nothing
    useful.
""",
    'mfl_ridge_weights':
"""The weights alpha = (K + kappa^2 I)^-1 y, so that f(x) = sum_mu alpha_mu K(x_mu, x). On the
training inputs f(x_mu) = y_mu - kappa^2 alpha_mu.

:raises: StateError before a fit; MflearnBufferError if capacity is below P.
""",
    'mfl_ridge_fit_matrix':
"""Fit to a kernel matrix of the caller's; the option "kernel" must be precomputed.

:raises: as Ridge.fit().
""",
    'mfl_ridge_predict_matrix':
"""Posterior mean and variance from kernel values of the caller's, after Ridge.fit_matrix().

:raises: as Ridge.predict().
""",
    'mfl_ridge_covariance':
"""Joint posterior covariance of f at new inputs, count x count, both triangles.

:raises: as Ridge.predict(). Takes count (P + count) numbers of memory and P^2 count operations.
""",
    'mfl_ridge_solve':
"""Weights for other targets on the same inputs: rows of (K + kappa^2 I)^-1 targets.

:raises: StateError; SizeError; NotFiniteError.
""",
    'mfl_ridge_leave_one_out':
"""Leave-one-out predictions in closed form: f_mu = y_mu - alpha_mu / G_mu,mu, variance of y_mu 1 /
G_mu,mu, with G = (K + kappa^2 I)^-1.

:raises: StateError; MflearnBufferError; NotFiniteError as Ridge.predict(); MflearnMemoryError.
    O(P^3).
""",
    'mfl_ridge_cross_validate':
"""k-fold cross-validated predictions in closed form: y_I - (G_II)^-1 alpha_I for the samples I of a
fold.

:raises: ArgumentError; StateError; MflearnBufferError; MflearnMemoryError. O(P^3).
""",
    'mfl_ridge_path':
"""Evidence and leave-one-out error for many noises from one eigendecomposition of K. No fit is needed
or changed.

:raises: as Ridge.fit(). Takes 3 P^2 numbers of memory, about 9 P^3 operations, and then P^2 a
    noise.
""",
    'mfl_ridge_gradient':
"""Derivatives of the log evidence at the fit.

:raises: StateError; MflearnBufferError; UnsupportedError for weights of a caller's or precomputed
    kernel; NotFiniteError as Ridge.log_evidence(); MflearnMemoryError; CancelledError. O(P^3 + P^2
    d).
""",
    'mfl_spectrum_create':
"""A spectrum of the caller's.

:raises: SizeError; ArgumentError; MflearnMemoryError.
""",
    'mfl_spectrum_read':
"""The entries.

:raises: MflearnBufferError.
""",
    'mfl_spectrum_degrees':
"""The degree of each entry.

:raises: StateError for a spectrum that is not by degree; MflearnBufferError.
""",
    'mfl_spectrum_learn':
"""One point of the learning curve.

:raises: ArgumentError; MflearnBufferError; DivergedError where the test error is infinite: no
    ridge, and exactly as many modes as samples (or, with lengths kept apart, no more).
""",
    'mfl_task_create_caller':
"""Describe the teacher g(u . x) with g of the caller's, and u = e_1 until Task.set_direction().

:raises: ArgumentError; MflearnMemoryError.
""",
    'mfl_task_create_sum':
"""Describe a weighted sum of products, f*(x) = sum_t c_t prod_j he_{q_tj}(z_j), he_q = He_q/sqrt(q!).

The variables z_j are the coordinates x_0, ..., x_{r-1} until Task.set_support() or
Task.set_directions(). With degrees 0 and 1 alone this is a sum of parities (he_1(z) = z), and the
input law is the hypercube; otherwise it is gaussian. Either way TaskOption.INPUT_LAW can be set to
the other: degrees 0 and 1 on gaussian inputs are products of linear functions. The products are
orthonormal under both laws. For example, the staircase x_0 + x_0 x_1 / 2 has variables 2, terms 2,
degrees {1, 0, 1, 1}, coefficients {1, 0.5}; a Hermite expansion in one direction has one variable.

:raises: ArgumentError; NotFiniteError; MflearnMemoryError.
""",
    'mfl_task_set_support':
"""Choose the coordinates S of a parity, or those that are the variables of a sum.

:raises: SizeError; ArgumentError (a coordinate out of range or named twice); StateError for a
    single-index teacher. O(k log k).
""",
    'mfl_task_set_direction':
"""Choose the direction u of a single-index teacher.

:raises: SizeError; ArgumentError (zero vector); NotFiniteError; StateError for a parity or sum.
""",
    'mfl_task_set_directions':
"""Let the variables of a sum be directions, z_j = u_j . x.

:raises: SizeError; ArgumentError (not orthonormal); StateError for other tasks;
    MflearnMemoryError. O(r^2 d).
""",
    'mfl_task_set_covariance':
"""Draw inputs from N(0, C); sets TaskOption.INPUT_LAW to correlated.

:raises: SizeError; ArgumentError (not symmetric); NotFiniteError; NotPositiveDefiniteError;
    StateError for a parity or sum; MflearnMemoryError. O(d^3/3).
""",
    'mfl_task_evaluate':
"""Noise-free targets of given inputs.

:raises: ArgumentError; CallbackError; NotFiniteError (an input, or a value of the caller's
    function).
""",
    'mfl_version_string':
"""Version of the library that is loaded, as "major.minor.patch".""",
    'mfl_version_feature':
"""Does this build of the library have an optional feature?

:raises: ArgumentError for a name this version does not know.
""",
}
