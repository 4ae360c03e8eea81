# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/update-bindings from include/mflearn; do not edit.
"""What the headers say of functions whose methods are written by hand."""
DOCUMENTATION = {
    'mfl_status_message':
"""What a status code means, as a sentence without a final stop.""",
    'mfl_context_create':
"""Create a context that allocates with malloc.""",
    'mfl_context_set_log':
"""Send log messages to a function.""",
    'mfl_context_set_progress':
"""Send progress of long operations to a function, which can also cancel them.""",
    'mfl_context_provenance':
"""One line that says how results of this context come about: version, instruction set, options.

It is written into every file the library makes.
""",
    'mfl_dataset_copy':
"""Make a data set from a copy of the caller's numbers.""",
    'mfl_dataset_view':
"""Make a data set that reads its inputs where the caller keeps them; the targets are copied.

`inputs` must stay valid and unchanged until the data set and everything made from it is destroyed;
numbers are checked now and not again.
""",
    'mfl_dataset_take':
"""Copy some samples, in the given order, into a new data set.""",
    'mfl_dataset_split':
"""Split into a random training set and the rest.

The permutation depends on the context's seed and `index` alone: a smaller training set is the
beginning of a larger one.
""",
    'mfl_dataset_standardisation':
"""The shifts and scales of a standardised data set: x = mean + scale x', y = target_mean +
target_scale y'.
""",
    'mfl_dataset_inputs':
"""Where the inputs are: element (mu, j) at inputs[mu * row_stride + j * column_stride].""",
    'mfl_dataset_targets':
"""Where the targets are.""",
    'mfl_dataset_clean_targets':
"""Where the noise-free targets are. Only data drawn from a task have them.""",
    'mfl_dataset_copy_inputs':
"""Copy the inputs out, row-major without gaps.""",
    'mfl_dataset_copy_targets':
"""Copy the targets out.""",
    'mfl_diagnose':
"""Diagnostics of a trace.""",
    'mfl_diagnose_quantiles':
"""Quantiles of a trace and how well they are known.""",
    'mfl_diagram_create':
"""Solve a theory on a grid.

The theory's closure and options hold, its tolerance among them: 1e-4 is plenty for a picture and
much faster than the default. Reports progress. A point that does not converge is marked, see
Diagram.point(), and does not stop the others.
""",
    'mfl_theory_create':
"""Set up the theory of a task and a model; both are copied.""",
    'mfl_theory_solve':
"""Solve the self-consistency for one number of samples and one noise.

Quadratures are kept: further solves of the same theory are much cheaper than the first. Whether
the tolerance was met is a property of the result, see Theory.stop(); a result that was cut short
still carries its error. A failed call leaves no result.
""",
    'mfl_theory_sample':
"""Draw independent neurons (w, a) from the law p(w, a) of the selected branch.

Neuron i depends on the solved law, the context's seed and i alone, so that ranges that do not
overlap are independent, however they are cut and on however many threads they are drawn. The draws
are exact up to what the quadrature left open in the order parameters and a part below about 1e-4
of the law: lengths are drawn exactly, directions by rejection from steps whose heights were
searched for and rehearsed (doc/theory.md). A network of such neurons is `N^-gamma sum_i a_i
phi(w_i . x)`.
""",
    'mfl_theory_marginal':
"""A marginal density of the selected branch's law, at points of the caller's.

It is the average over `draws` neurons, those of Theory.sample() from index 0 on, of the density of
the law along a curve through each of them: no bins, no bias, smooth in the grid, and exact far
from where neurons are drawn. The error is the standard error of that average; errors at different
points are correlated.
""",
    'mfl_theory_mode':
"""Which mode stands at a position, and its coefficient in the target.""",
    'mfl_model_set_activation':
"""Use an activation function of the caller's; sets ModelOption.ACTIVATION to caller.""",
    'mfl_network_set_activation':
"""Give the activation function again to a network that was loaded from a file.""",
    'mfl_network_set_weights':
"""Copy weights into the network.""",
    'mfl_network_copy_weights':
"""Copy weights out of the network.""",
    'mfl_network_forward':
"""Predictions f(x) on a batch of inputs; O(rows N d).""",
    'mfl_network_potential':
"""The potential U whose Gibbs measure exp(-U) is the posterior, and its gradient.

U = 1/(2 kappa^2) sum_mu (y_mu - f(x_mu))^2 + d/(2 sigma_w^2) |W|^2 + 1/(2 sigma_a^2) |a|^2 (T2).
""",
    'mfl_options_count':
"""Number of options of a handle.""",
    'mfl_options_key':
"""Key of the option at a position.""",
    'mfl_options_find':
"""Key of the option of a name.""",
    'mfl_options_describe':
"""Type, name and meaning of an option.""",
    'mfl_options_bounds_int':
"""Inclusive bounds and default of an integer option or a choice.""",
    'mfl_options_bounds_double':
"""Inclusive bounds and default of a number.""",
    'mfl_options_set_int':
"""Set an integer option or a choice.""",
    'mfl_options_set_double':
"""Set a number.""",
    'mfl_options_set_text':
"""Set an option of any type from text, as a command line gives it.""",
    'mfl_options_get_int':
"""Read an integer option or a choice.""",
    'mfl_options_get_double':
"""Read a number.""",
    'mfl_options_is_set':
"""Was the option set, and not reset since?""",
    'mfl_options_reset':
"""Go back to the default.""",
    'mfl_options_write':
"""All options and their values as text, "name=value,name=value".""",
    'mfl_path_follow':
"""Follow all branches of a range; replaces what was followed before.

Reports progress and can be cancelled; what was found until then remains.
""",
    'mfl_sampler_create':
"""Prepare to sample the posterior of a model given data.""",
    'mfl_sampler_set_test':
"""Collect predictions on a test set.""",
    'mfl_sampler_add_observable':
"""Trace a scalar of the caller's.""",
    'mfl_sampler_run':
"""Run the chains: burn-in the first time, then a number of draws of each. Run again for more draws.

Chains run in parallel on the context's threads. A cancelled run keeps the draws that every chain
has made, and can be resumed by running again. Cost of a step: about 4 N d P operations.
""",
    'mfl_sampler_predictions':
"""Mean and standard deviation over draws of the prediction at every test input.""",
    'mfl_sampler_second_moments':
"""Second moment of the first-layer weights per input coordinate, averaged over neurons and draws.""",
    'mfl_sampler_trace':
"""One chain's values of a quantity, one a draw.""",
    'mfl_sampler_diagnose':
"""Diagnostics of a trace: R-hat, effective sample sizes and standard errors (diagnostics.h).

Over the draws that every chain has made.
""",
    'mfl_ridge_set_kernel':
"""Use a kernel of the caller's; sets RidgeOption.KERNEL to caller and forgets a fit.""",
    'mfl_ridge_set_precisions':
"""Give every input coordinate its own prior precision: w_j ~ N(0, 1 / rho_j). Forgets a fit.""",
    'mfl_ridge_precisions':
"""The prior precisions of the weights, d / sigma_w^2 each unless they were set or optimised.""",
    'mfl_ridge_kernel':
"""Values of the kernel, without ridge.""",
    'mfl_ridge_kernel_error':
"""Error of the kernel of a caller's activation between any two of some inputs, relative to sqrt(K(x,
x) K(x', x')).

The sum of two parts. What the end of the series leaves out is bounded by the power that is
missing; more terms (RidgeOption.TERMS) reduce it. The error of the coefficients is estimated by
halving the spacing of their integrals. Both grow with the length of inputs and with kinks.
""",
    'mfl_ridge_fit':
"""Fit: build K + kappa^2 I and factorise it. What the handle held before is replaced.

Takes P^3 / 3 operations, and memory for P^2 numbers, which the handle keeps. The inputs are
copied.
""",
    'mfl_ridge_predict':
"""Posterior mean and variance of f at new inputs.

The variance is that of f; add kappa^2 for that of a new observation. It is computed as a
difference and rounds to about 1e-16 (1 + K / kappa^2) K(x, x); values below zero are returned as
zero. Cost a point: P kernel values for the mean, P^2 operations for the variance.
""",
    'mfl_ridge_weights':
"""The weights alpha = (K + kappa^2 I)^-1 y, so that f(x) = sum_mu alpha_mu K(x_mu, x). On the
training inputs f(x_mu) = y_mu - kappa^2 alpha_mu.
""",
    'mfl_ridge_fit_matrix':
"""Fit to a kernel matrix of the caller's; the option "kernel" must be precomputed.""",
    'mfl_ridge_predict_matrix':
"""Posterior mean and variance from kernel values of the caller's, after Ridge.fit_matrix().""",
    'mfl_ridge_covariance':
"""Joint posterior covariance of f at new inputs, count x count, both triangles.""",
    'mfl_ridge_solve':
"""Weights for other targets on the same inputs: rows of (K + kappa^2 I)^-1 targets.""",
    'mfl_ridge_leave_one_out':
"""Leave-one-out predictions in closed form: f_mu = y_mu - alpha_mu / G_mu,mu, variance of y_mu 1 /
G_mu,mu, with G = (K + kappa^2 I)^-1.
""",
    'mfl_ridge_cross_validate':
"""k-fold cross-validated predictions in closed form: y_I - (G_II)^-1 alpha_I for the samples I of a
fold.
""",
    'mfl_ridge_path':
"""Evidence and leave-one-out error for many noises from one eigendecomposition of K. No fit is needed
or changed.
""",
    'mfl_ridge_gradient':
"""Derivatives of the log evidence at the fit.""",
    'mfl_spectrum_create':
"""A spectrum of the caller's.""",
    'mfl_spectrum_read':
"""The entries.""",
    'mfl_spectrum_degrees':
"""The degree of each entry.""",
    'mfl_spectrum_learn':
"""One point of the learning curve.""",
    'mfl_task_create_caller':
"""Describe the teacher g(u . x) with g of the caller's, and u = e_1 until Task.set_direction().""",
    'mfl_task_create_sum':
"""Describe a weighted sum of products, f*(x) = sum_t c_t prod_j he_{q_tj}(z_j), he_q = He_q/sqrt(q!).

The variables z_j are the coordinates x_0, ..., x_{r-1} until Task.set_support() or
Task.set_directions(). With degrees 0 and 1 alone this is a sum of parities (he_1(z) = z), and the
input law is the hypercube; otherwise it is gaussian. Either way TaskOption.INPUT_LAW can be set to
the other: degrees 0 and 1 on gaussian inputs are products of linear functions. The products are
orthonormal under both laws. For example, the staircase x_0 + x_0 x_1 / 2 has variables 2, terms 2,
degrees {1, 0, 1, 1}, coefficients {1, 0.5}; a Hermite expansion in one direction has one variable.
""",
    'mfl_task_set_support':
"""Choose the coordinates S of a parity, or those that are the variables of a sum.""",
    'mfl_task_set_direction':
"""Choose the direction u of a single-index teacher.""",
    'mfl_task_set_directions':
"""Let the variables of a sum be directions, z_j = u_j . x.""",
    'mfl_task_set_covariance':
"""Draw inputs from N(0, C); sets TaskOption.INPUT_LAW to correlated.""",
    'mfl_task_evaluate':
"""Noise-free targets of given inputs.""",
    'mfl_version_string':
"""Version of the library that is loaded, as "major.minor.patch".""",
    'mfl_version_feature':
"""Does this build of the library have an optional feature?""",
}
