# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/update-bindings from include/mflearn; do not edit.
"""Methods that follow from the headers alone; the classes of the package extend them."""
from __future__ import annotations

from ctypes import c_char_p, c_double, c_int32, c_int64, c_size_t
from typing import TYPE_CHECKING, NamedTuple

from mflearn._handle import FileName, Handle, OptionValue, as_member, from_member, text
from mflearn.enumerations import (
    CsvHeader,
    InstructionSet,
    PathCriterion,
    RidgeResult,
    RidgeVary,
    Role,
    SamplerResult,
    SpectrumLaw,
    Stop,
    TaskKind,
    TheoryPreset,
    TheoryResult,
)

if TYPE_CHECKING:
    from mflearn import (
        Context,
        Dataset,
        Diagram,
        Model,
        Network,
        Path,
        Ridge,
        Sampler,
        Spectrum,
        Task,
        Theory,
    )

# Functions that no method calls yet: they take arrays or functions; call them by mflearn.library.
UNWRAPPED = (
    'mfl_context_create_with_allocator',
    'mfl_sampler_weight_histogram',
    'mfl_status_at',
    'mfl_status_name',
    'mfl_theory_marginal_along',
    'mfl_version',
    'mfl_version_check',
)


class ContextInstructionSet(NamedTuple):
    """Results of mfl_context_instruction_set()."""

    instruction_set: InstructionSet
    name: str


class DatasetShape(NamedTuple):
    """Results of mfl_dataset_shape()."""

    rows: int
    columns: int


class DiagramPoint(NamedTuple):
    """Results of mfl_diagram_point()."""

    branches: int
    converged: int


class DiagramGet(NamedTuple):
    """Results of mfl_diagram_get()."""

    value: float
    error: float


class DiagramGetMode(NamedTuple):
    """Results of mfl_diagram_get_mode()."""

    value: float
    error: float


class ModelShape(NamedTuple):
    """Results of mfl_model_shape()."""

    dimension: int
    width: int


class NetworkShape(NamedTuple):
    """Results of mfl_network_shape()."""

    dimension: int
    width: int


class NetworkMeasureOrderParameter(NamedTuple):
    """Results of mfl_network_measure_order_parameter()."""

    order_parameter: float
    standard_error: float


class PathBranch(NamedTuple):
    """Results of mfl_path_branch()."""

    points: int
    stable: int
    curve: int


class PathPoint(NamedTuple):
    """Results of mfl_path_point()."""

    value: float
    stop: Stop


class PathGet(NamedTuple):
    """Results of mfl_path_get()."""

    value: float
    error: float


class PathGetMode(NamedTuple):
    """Results of mfl_path_get_mode()."""

    value: float
    error: float


class PathFold(NamedTuple):
    """Results of mfl_path_fold()."""

    branch: int
    value: float
    error: float


class PathFoldGet(NamedTuple):
    """Results of mfl_path_fold_get()."""

    value: float
    error: float


class PathTransition(NamedTuple):
    """Results of mfl_path_transition()."""

    branch: int
    other: int
    value: float
    error: float


class PathCritical(NamedTuple):
    """Results of mfl_path_critical()."""

    value: float
    error: float


class RidgeShape(NamedTuple):
    """Results of mfl_ridge_shape()."""

    samples: int
    dimension: int


class SpectrumShape(NamedTuple):
    """Results of mfl_spectrum_shape()."""

    count: int  # type: ignore[assignment]
    rest: float


class TaskShape(NamedTuple):
    """Results of mfl_task_shape()."""

    kind: TaskKind
    dimension: int
    degree: int


class TaskMoments(NamedTuple):
    """Results of mfl_task_moments()."""

    mean: float
    mean_square: float
    error: float


class TheoryResultAt(NamedTuple):
    """Results of mfl_theory_result_at()."""

    key: TheoryResult
    name: str
    summary: str


class TheoryGet(NamedTuple):
    """Results of mfl_theory_get()."""

    value: float
    error: float


class TheoryFinite(NamedTuple):
    """Results of mfl_theory_finite()."""

    m: float
    difference: float
    error: float


class TheoryGetMode(NamedTuple):
    """Results of mfl_theory_get_mode()."""

    value: float
    error: float


class TheoryGetVariable(NamedTuple):
    """Results of mfl_theory_get_variable()."""

    value: float
    error: float


class ContextMethods(Handle):
    """Allocator, threads, log and progress sinks, last error and seed (context.h)."""

    _kind = 'context'

    @property
    def message(self) -> str:
        """What went wrong in the last failed call on this context: names the argument, its value and
        the remedy.
        """
        return self._text('mfl_context_message')

    def cancel(self) -> None:
        """Ask the running operation, and every later one, to stop as soon as it can.

        Safe from any thread and from a signal handler. Operations end with Stop.CANCELLED, or with
        CancelledError where there can be no partial result, until Context.resume() is called.
        """
        self._call('mfl_context_cancel')

    def resume(self) -> None:
        """Take back Context.cancel()."""
        self._call('mfl_context_resume')

    @property
    def instruction_set(self) -> ContextInstructionSet:
        """Which build of the hot kernels this context uses now (InstructionSet, never auto).

        :returns instruction_set: the number
        :returns name: a static text, "baseline", "avx2" or "avx512"
        """
        instruction_set_ = c_int32()
        name_ = c_char_p()
        self._call('mfl_context_instruction_set', instruction_set_, name_)
        return ContextInstructionSet(from_member(InstructionSet, instruction_set_.value), text(name_))

    @property
    def threads(self) -> int:
        """How many threads long operations on this context use now.

        :returns threads: the number, >= 1
        """
        threads_ = c_int32()
        self._call('mfl_context_threads', threads_)
        return threads_.value


class DatasetMethods(Handle):
    """Inputs and targets (dataset.h)."""

    _kind = 'dataset'

    @classmethod
    def draw(cls, task: Task, count: int, label_noise: float = 0.0, index: int = 0, role: Role | str | int = 'train') -> Dataset:
        """Draw P samples of a task: x from its input law, y = f*(x) + label_noise * N(0, 1).

        A sample is a function of the context's seed, `index`, `role` and its own number alone: the
        first samples of a larger draw are the samples of a smaller one, on any machine (inputs
        from a covariance: up to rounding).

        :param count: P >= 1
        :param label_noise: standard deviation of the noise added to the targets, >= 0
        :param index: number of the data set, 0 <= index < 2^24
        :param role: Role
        :raises: ArgumentError; SizeError (P d beyond 2^38); MflearnMemoryError; StateError and
            UnsupportedError for an incomplete or impossible task; CallbackError; CancelledError.
            O(P d), with a covariance O(P d^2).
        """
        return task._make(cls, 'mfl_dataset_draw', count, label_noise, index, as_member(Role, role))

    @classmethod
    def read_csv(cls, context: Context, path: FileName, target: str | None = None, header: CsvHeader | str | int = 'auto') -> Dataset:
        """Read a CSV file (RFC 4180: commas, quoted fields, "" for a quote in them; LF, CR LF or CR;
        UTF-8 with or without a byte order mark; '.' as decimal point in every locale).

        :param path: the file
        :param target: name of the target's column, or its number counted from 1; None takes the
            last column; "" none: all columns are inputs, and the data set has no targets
        :param header: CsvHeader
        :raises: ArgumentError (no such column); IoError; SizeError; MflearnMemoryError;
            FormatError (quotes, lines of different length); ParseError (a missing value or
            something that is no number); NotFiniteError. Messages name line and column from 1.
        """
        return context._make(cls, 'mfl_dataset_read_csv', path, target, as_member(CsvHeader, header))

    @classmethod
    def read_npy(cls, context: Context, path: FileName, target_path: str | None = None, target_column: int = -1) -> Dataset:
        """Read NPY files (versions 1 to 3; float32 or float64 of either byte order; C or Fortran
        order).

        :param path: a file with a P x c array (or P numbers, c = 1)
        :param target_path: a file with the P targets, all columns of `path` being inputs; "" for
            the same without targets; or None
        :param target_column: when `target_path` is None: the target's column in `path`, from 0;
            negative from the end
        :raises: ArgumentError (no such column); IoError; SizeError; MflearnMemoryError;
            FormatError; UnsupportedError (another element type); NotFiniteError.
        """
        return context._make(cls, 'mfl_dataset_read_npy', path, target_path, target_column)

    @classmethod
    def read_hdf5(cls, context: Context, path: FileName, inputs: str, targets: str) -> Dataset:
        """Read two named data sets of an HDF5 file, of any number type.

        Links into other files are not followed, nor are numbers read that are kept in other files.
        The HDF5 library itself trusts its files: versions 1.10 can be made to fail by damaged ones
        (doc/reliability.md).

        When the HDF5 library was built without thread safety, call it from one thread of the
        process at a time.

        :param path: the file
        :param inputs: name of the P x d inputs, such as "/train/x"
        :param targets: name of the P targets; "" for a data set without targets
        :raises: ArgumentError (no such name); IoError; SizeError; MflearnMemoryError; FormatError;
            NotFiniteError; UnsupportedError if the library was built without HDF5
            (version_feature()).
        """
        return context._make(cls, 'mfl_dataset_read_hdf5', path, inputs, targets)

    def standardise(self, targets: int = 0) -> Dataset:
        """Copy with every input column shifted to mean 0 and scaled to variance 1, and keep the
        shifts and scales.

        x' = (x - mean)/scale, scale the square root of the mean squared deviation. A column of
        equal numbers gets scale 1 and so becomes 0; the log sink receives a warning.

        :param targets: 1: the targets likewise; 0: they stay as they are
        :raises: ArgumentError; StateError (standardised already; targets asked for where there are
            none); NotFiniteError (numbers so large that their variance overflows);
            MflearnMemoryError. O(P d).
        """
        return self._make('Dataset', 'mfl_dataset_standardise', targets)

    def standardise_like(self, reference: Dataset) -> Dataset:
        """Apply the shifts and scales of a standardised data set to new data.

        :param reference: the standardised data set, or a part of it
        :raises: SizeError (different numbers of columns); StateError; NotFiniteError;
            MflearnMemoryError. O(P d).
        """
        return self._make('Dataset', 'mfl_dataset_standardise_like', reference)

    @property
    def shape(self) -> DatasetShape:
        """Sizes.

        :returns rows: P
        :returns columns: d
        """
        rows_ = c_int64()
        columns_ = c_int64()
        self._call('mfl_dataset_shape', rows_, columns_)
        return DatasetShape(rows_.value, columns_.value)

    def name(self, column: int) -> str:
        """Name of a column.

        :param column: 0 to d - 1: an input; d: the target
        :returns name: a borrowed text, "" if it has none, that lives as long as the data set
        :raises: ArgumentError.
        """
        name_ = c_char_p()
        self._call('mfl_dataset_name', column, name_)
        return text(name_)


class DiagramMethods(Handle):
    """The solutions of a theory on a grid of P and kappa (diagram.h)."""

    _kind = 'diagram'

    def point(self, sample: int, kappa: int) -> DiagramPoint:
        """How many solutions a point of the grid has.

        :param sample: position of P
        :param kappa: position of kappa
        :returns branches: 1 or 2, in the order of Theory.select(): heating, cooling; 0 where
            nothing could be solved
        :returns converged: 1 if all of them met the theory's tolerance
        :raises: ArgumentError
        """
        branches_ = c_int32()
        converged_ = c_int32()
        self._call('mfl_diagram_point', sample, kappa, branches_, converged_)
        return DiagramPoint(branches_.value, converged_.value)

    def get(self, sample: int, kappa: int, branch: int, key: TheoryResult | str | int) -> DiagramGet:
        """One result at a point of the grid, as Theory.get().

        :param sample: position of P
        :param kappa: position of kappa
        :param branch: below the number of solutions there
        :param key: TheoryResult
        :returns value: the result
        :returns error: its estimated absolute error
        :raises: ArgumentError, for an unknown key too; StateError where the result does not exist.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_diagram_get', sample, kappa, branch, as_member(TheoryResult, key), value_, error_)
        return DiagramGet(value_.value, error_.value)

    def get_mode(self, sample: int, kappa: int, branch: int, mode: int, key: TheoryResult | str | int) -> DiagramGetMode:
        """One result of one mode at a point of the grid, as Theory.get_mode().

        :param sample: position of P
        :param kappa: position of kappa
        :param branch: below the number of solutions there
        :param mode: below the number of modes, in the order of Theory.mode() of a theory that was
            solved with the same options
        :param key: TheoryResult.M or TheoryResult.LAMBDA
        :returns value: the result
        :returns error: its estimated absolute error
        :raises: As Diagram.get(), and ArgumentError for a mode there is not.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_diagram_get_mode', sample, kappa, branch, mode, as_member(TheoryResult, key), value_, error_)
        return DiagramGetMode(value_.value, error_.value)


class ModelMethods(Handle):
    """Width, input dimension, scaling, priors and activation of a two-layer network (model.h)."""

    _kind = 'model'

    def __init__(self, context: Context, dimension: int, width: int, **options: OptionValue) -> None:
        """Describe a network.

        :param context: the context
        :param dimension: d >= 1
        :param width: N >= 1, or 0 for infinite width where that makes sense (theories, kernels)
        :raises: ArgumentError; MflearnMemoryError.
        """
        self._begin(context, 'mfl_model_create', dimension, width, options=options)

    @property
    def shape(self) -> ModelShape:
        """Sizes of the model.

        :returns dimension: d
        :returns width: N
        """
        dimension_ = c_int64()
        width_ = c_int64()
        self._call('mfl_model_shape', dimension_, width_)
        return ModelShape(dimension_.value, width_.value)

    def check_task(self, task: Task) -> None:
        """Can a network of this model learn the task at all?

        Without biases J(w) = E[phi(w.x) chi(x)] vanishes for every w when phi is ReLU, leaky ReLU
        or GELU and the target an odd mode of degree 3 or more; erf or tanh and an even mode;
        linear and a degree above 1; quadratic and a degree other than 2. Parities and Hermite
        teachers are judged, and sums, of which one term must be seen; other targets pass.

        :param task: of the model's dimension
        :raises: UnlearnableError; SizeError; ContextError.
        """
        self._call('mfl_model_check_task', task)


class NetworkMethods(Handle):
    """One state of a network's weights (network.h)."""

    _kind = 'network'

    def __init__(self, model: Model) -> None:
        """A network with all weights zero.

        :param model: its description, with finite width
        :raises: ArgumentError for infinite width; MflearnMemoryError.
        """
        self._begin(model, 'mfl_network_create')

    def draw_prior(self, index: int = 0) -> None:
        """Draw the weights from the prior, w_ij ~ N(0, sigma_w^2 / d), a_i ~ N(0, sigma_a^2).

        The draw depends on the context's seed and on `index` alone: not on threads or instruction
        set, and w_ij and a_i not on N.

        :param index: which draw, in [0, 2^24)
        :raises: ArgumentError.
        """
        self._call('mfl_network_draw_prior', index)

    def plant(self, task: Task) -> None:
        """Make the network one that has learned the task: a start on the specialised side of a
        transition.

        Half of the neurons take the length sigma_w and the task's directions: the 2^k sign
        patterns on the support of a parity or of the variables of a sum, in whole sets where there
        are so many, or u and -u. Their readouts are proportional to J(w_i), such that the order
        parameter is 1; the other readouts are 0, their first-layer weights stay. So draw from the
        prior first.

        :param task: a parity, a Hermite single-index teacher on isotropic Gaussian inputs, or a
            sum of either kind
        :raises: SizeError; UnsupportedError for other tasks; UnlearnableError; CallbackError;
            StateError without activation.
        """
        self._call('mfl_network_plant', task)

    @property
    def shape(self) -> NetworkShape:
        """Sizes of the network.

        :returns dimension: d
        :returns width: N
        """
        dimension_ = c_int64()
        width_ = c_int64()
        self._call('mfl_network_shape', dimension_, width_)
        return NetworkShape(dimension_.value, width_.value)

    def order_parameter(self, task: Task) -> float:
        """Order parameter of the task's target mode, m = N^-gamma sum_i a_i J(w_i) (T5), from the
        weights.

        J(w) = E[phi(w.x) chi(x)] with chi the parity or Hermite mode of the target, over the
        task's input law. For parities the inputs off the support enter through the central limit,
        (T10); exact for Gaussian inputs. Of a sum of several modes it is sum_A y_A m_A / sum_A
        y_A^2.

        :param task: a parity or a sum of them on the hypercube, a Hermite single-index teacher or
            a sum on isotropic Gaussian inputs
        :returns order_parameter: m
        :raises: SizeError; UnsupportedError for other tasks.
        """
        order_parameter_ = c_double()
        self._call('mfl_network_order_parameter', task, order_parameter_)
        return order_parameter_.value

    def measure_order_parameter(self, task: Task, dataset: Dataset) -> NetworkMeasureOrderParameter:
        """The same order parameter measured on samples: the mean of f(x) chi(x) over a data set's
        inputs.

        :param task: the task
        :param dataset: samples drawn from the task's input law
        :returns order_parameter: m
        :returns standard_error: its standard error
        :raises: SizeError; UnsupportedError.
        """
        order_parameter_ = c_double()
        standard_error_ = c_double()
        self._call('mfl_network_measure_order_parameter', task, dataset, order_parameter_, standard_error_)
        return NetworkMeasureOrderParameter(order_parameter_.value, standard_error_.value)

    def save(self, path: FileName) -> None:
        """Write the network to a file, all or nothing: model, weights and provenance, with checksums.

        :param path: the file, replaced if it exists
        :raises: IoError; MflearnMemoryError.
        """
        self._call('mfl_network_save', path)

    @classmethod
    def load(cls, context: Context, path: FileName) -> Network:
        """Read a network from a file.

        :param path: a file of Network.save()
        :raises: IoError; FormatError; ChecksumError; MflearnMemoryError.
        """
        return context._make(cls, 'mfl_network_load', path)


class PathMethods(Handle):
    """The solutions of a theory as one parameter moves (path.h)."""

    _kind = 'path'

    def __init__(self, theory: Theory, **options: OptionValue) -> None:
        """Make a path of a theory, which is copied with its closure and options.

        :param theory: the theory, of finite width
        :raises: UnsupportedError (infinite width: one solution, in closed form);
            MflearnMemoryError
        """
        self._begin(theory, 'mfl_path_create', options=options)

    @property
    def stop(self) -> Stop:
        """Why the following stopped (Stop).

        Stop.CONVERGED: every curve was followed to the ends of the range and every point met the
        theory's tolerance; Stop.LIMIT: not so; Stop.CANCELLED; Stop.NONE: nothing was followed.

        :returns stop: the reason
        """
        stop_ = c_int32()
        self._call('mfl_path_stop', stop_)
        return from_member(Stop, stop_.value)

    @property
    def branches(self) -> int:
        """How many branches were found.

        :returns count: the number
        """
        count_ = c_int32()
        self._call('mfl_path_branches', count_)
        return count_.value

    def branch(self, branch: int) -> PathBranch:
        """One branch. Those of one curve follow each other, in the order of the curve.

        :param branch: below the number of branches
        :returns points: the number of its points, in the order of the curve; may be 0 between
            close folds
        :returns stable: 1 or 0
        :returns curve: the number of the curve it belongs to
        :raises: ArgumentError
        """
        points_ = c_int32()
        stable_ = c_int32()
        curve_ = c_int32()
        self._call('mfl_path_branch', branch, points_, stable_, curve_)
        return PathBranch(points_.value, stable_.value, curve_.value)

    def point(self, branch: int, point: int) -> PathPoint:
        """The value of the parameter at a point.

        :param branch: below the number of branches
        :param point: below the number of its points
        :returns value: it
        :returns stop: Stop, converged or limit, of the point
        :raises: ArgumentError
        """
        value_ = c_double()
        stop_ = c_int32()
        self._call('mfl_path_point', branch, point, value_, stop_)
        return PathPoint(value_.value, from_member(Stop, stop_.value))

    def get(self, branch: int, point: int, key: TheoryResult | str | int) -> PathGet:
        """One result at a point, as Theory.get().

        :param branch: below the number of branches
        :param point: below the number of its points
        :param key: TheoryResult
        :returns value: the result
        :returns error: its estimated absolute error
        :raises: ArgumentError, for an unknown key too; StateError where the result does not exist.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_get', branch, point, as_member(TheoryResult, key), value_, error_)
        return PathGet(value_.value, error_.value)

    def get_mode(self, branch: int, point: int, mode: int, key: TheoryResult | str | int) -> PathGetMode:
        """One result of one mode at a point, as Theory.get_mode().

        :param branch: below the number of branches
        :param point: below the number of its points
        :param mode: below the number of modes, in the order of Theory.mode() of a theory that was
            solved with the same options
        :param key: TheoryResult.M or TheoryResult.LAMBDA
        :returns value: the result
        :returns error: its estimated absolute error
        :raises: As Path.get(), and ArgumentError for a mode there is not.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_get_mode', branch, point, mode, as_member(TheoryResult, key), value_, error_)
        return PathGetMode(value_.value, error_.value)

    @property
    def folds(self) -> int:
        """How many folds were found.

        :returns count: the number
        """
        count_ = c_int32()
        self._call('mfl_path_folds', count_)
        return count_.value

    def fold(self, fold: int) -> PathFold:
        """One fold: where branch `branch` ends, and `branch` + 1 begins (with the dimension moving:
        where it ends).

        :param fold: below the number of folds
        :returns branch: the branch
        :returns value: the value of the parameter
        :returns error: its estimated absolute error
        :raises: ArgumentError
        """
        branch_ = c_int32()
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_fold', fold, branch_, value_, error_)
        return PathFold(branch_.value, value_.value, error_.value)

    def fold_get(self, fold: int, key: TheoryResult | str | int) -> PathFoldGet:
        """One result at a fold, as Path.get().

        :param fold: below the number of folds
        :param key: TheoryResult
        :returns value: the result
        :returns error: its estimated absolute error
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_fold_get', fold, as_member(TheoryResult, key), value_, error_)
        return PathFoldGet(value_.value, error_.value)

    @property
    def transitions(self) -> int:
        """How many thermodynamic transitions were found: stable branches of equal free energy.

        :returns count: the number; 0 for closures without a free energy
        """
        count_ = c_int32()
        self._call('mfl_path_transitions', count_)
        return count_.value

    def transition(self, transition: int) -> PathTransition:
        """One transition.

        :param transition: below the number of transitions
        :returns branch: one of the branches
        :returns other: the other
        :returns value: the value of the parameter
        :returns error: its estimated absolute error, from those of the free energies
        :raises: ArgumentError
        """
        branch_ = c_int32()
        other_ = c_int32()
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_transition', transition, branch_, other_, value_, error_)
        return PathTransition(branch_.value, other_.value, value_.value, error_.value)

    def critical(self, criterion: PathCriterion | str | int) -> PathCritical:
        """Where learning begins, by a criterion of choice.

        :param criterion: PathCriterion
        :returns value: the value of the parameter
        :returns error: its estimated absolute error
        :raises: ArgumentError; StateError when nothing was followed, or the path has no such point
            (the message says why); CancelledError; MflearnMemoryError. Time: a few tens of points
            of the path; none for PathCriterion.FOLD.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_path_critical', as_member(PathCriterion, criterion), value_, error_)
        return PathCritical(value_.value, error_.value)


class RidgeMethods(Handle):
    """Kernel ridge regression with an infinite-width kernel (ridge.h)."""

    _kind = 'ridge'

    def __init__(self, model: Model, **options: OptionValue) -> None:
        """Prepare kernel ridge regression with the kernel of a model.

        :param model: the network, copied; its width may be 0 (infinite) if gamma is 1/2
        :raises: ArgumentError for infinite width with gamma other than 1/2; StateError for a
            caller's activation that was not set; MflearnMemoryError.
        """
        self._begin(model, 'mfl_ridge_create', options=options)

    def memory(self, samples: int) -> int:
        """Memory that Ridge.fit() will take at its peak with the present options, in bytes.

        A fit whose number exceeds RidgeOption.MEMORY_LIMIT is refused with MflearnMemoryError
        before it allocates.

        :param samples: P >= 1
        :returns bytes: the number; what BLAS and LAPACK take for themselves is not counted
        :raises: SizeError.
        """
        bytes_ = c_size_t()
        self._call('mfl_ridge_memory', samples, bytes_)
        return bytes_.value

    @property
    def log_evidence(self) -> float:
        """Logarithm of the marginal likelihood (evidence) of the targets, -1/2 y^T (K + kappa^2)^-1 y
        - 1/2 log det(K + kappa^2) - P/2 log(2 pi).

        :returns log_evidence: the number, in natural units
        :raises: StateError before a fit; NotFiniteError where it exceeds the range of numbers.
        """
        log_evidence_ = c_double()
        self._call('mfl_ridge_log_evidence', log_evidence_)
        return log_evidence_.value

    @property
    def shape(self) -> RidgeShape:
        """Sizes of the problem that was fitted.

        :returns samples: P, 0 before a fit
        :returns dimension: d
        """
        samples_ = c_int64()
        dimension_ = c_int64()
        self._call('mfl_ridge_shape', samples_, dimension_)
        return RidgeShape(samples_.value, dimension_.value)

    def get(self, key: RidgeResult | str | int) -> float:
        """A number that the last fit left (RidgeResult).

        :param key: which
        :returns value: the number
        :raises: ArgumentError for an unknown key; StateError before a fit.
        """
        value_ = c_double()
        self._call('mfl_ridge_get', as_member(RidgeResult, key), value_)
        return value_.value

    def optimise(self, train: Dataset, kappa: float, vary: RidgeVary | str | int) -> None:
        """Maximise the log evidence over logarithms of what `vary` names, and stay fitted at the
        maximum found.

        The step is that of L-BFGS with a backtracking line search. With RidgeVary.PRECISIONS this
        is the classical baseline of automatic relevance determination. RidgeResult.STOP,
        RidgeResult.KAPPA and so on tell what was found; Ridge.precisions() the rho_j. Maxima are
        local.

        :param train: as for Ridge.fit()
        :param kappa: where to start, > 0
        :param vary: sum of RidgeVary
        :raises: as Ridge.fit(); ArgumentError for a `vary` that makes no sense. After a failure or
            a cancellation the handle has its old parameters and no fit.
        """
        self._call('mfl_ridge_optimise', train, kappa, as_member(RidgeVary, vary))


class SamplerMethods(Handle):
    """Markov chains that draw networks from the posterior (sampler.h)."""

    _kind = 'sampler'

    def set_task(self, task: Task) -> None:
        """Measure the order parameter of a task's mode on every draw (Network.order_parameter()).

        :param task: of the model's dimension, a parity of degree up to 12, a Hermite teacher, or a
            sum, on the hypercube of up to 12 variables; kept alive by the sampler
        :raises: SizeError; StateError; UnsupportedError; ContextError.
        """
        self._call('mfl_sampler_set_task', task)

    def set_start(self, network: Network) -> None:
        """Start all chains from a given network instead of from prior draws.

        :param network: of the model's shape; copied
        :raises: SizeError; StateError; ContextError; MflearnMemoryError.
        """
        self._call('mfl_sampler_set_start', network)

    def step(self, steps: int) -> None:
        """Make steps without draws, for programs that look at the chains themselves.

        Between calls, read states with Sampler.network() and replace them with
        Sampler.set_network(). Steps and those of Sampler.run() continue one sequence; those within
        the length of burn-in adapt the method.

        :param steps: steps of each chain, >= 0; 0 only starts the chains. A cancelled call keeps
            its aim, as a run does.
        :raises: as Sampler.run(); ArgumentError.
        """
        self._call('mfl_sampler_step', steps)

    def get(self, key: SamplerResult | str | int) -> float:
        """Read a result.

        :param key: SamplerResult
        :returns value: the result; not-a-number where it does not apply
        :raises: ArgumentError for an unknown key.
        """
        value_ = c_double()
        self._call('mfl_sampler_get', as_member(SamplerResult, key), value_)
        return value_.value

    def get_rung(self, rung: int, key: SamplerResult | str | int) -> float:
        """Read a result of one rung of a ladder: m, errors, evidence and the rest as functions of the
        noise.

        :param rung: 0, the sampler's kappa, to SamplerOption.RUNGS - 1
        :param key: SamplerResult; totals are those of the whole sampler
        :returns value: the result; not-a-number where it does not apply
        :raises: ArgumentError; StateError before the first run.
        """
        value_ = c_double()
        self._call('mfl_sampler_get_rung', rung, as_member(SamplerResult, key), value_)
        return value_.value

    def write_traces(self, path: FileName) -> None:
        """Write the traces for other programs: netCDF-4 (HDF5) as ArviZ reads it, or NPY
        (doc/diagnostics.md).

        The draws that every chain has made; those of a ladder for every rung. The file is complete
        or absent.

        :param path: the file; a name that ends in .npy makes a NumPy array of records, any other a
            netCDF-4 file
        :raises: StateError without draws; UnsupportedError for netCDF-4 in a build without HDF5;
            IoError; MflearnMemoryError.
        """
        self._call('mfl_sampler_write_traces', path)

    def network(self, chain: int = 0) -> Network:
        """Copy a chain's present state.

        :param chain: from 0
        :raises: ArgumentError; StateError before the first run; MflearnMemoryError.
        """
        return self._make('Network', 'mfl_sampler_network', chain)

    def set_network(self, chain: int, network: Network) -> None:
        """Replace a chain's present state.

        :param chain: from 0
        :param network: of the model's shape; copied
        :raises: ArgumentError; SizeError; StateError before the first run; ContextError.
        """
        self._call('mfl_sampler_set_network', chain, network)

    def save(self, path: FileName) -> None:
        """Write a checkpoint: all that the future of the chains depends on, and all that they have
        collected.

        Between any two calls, and in the middle of a run that was cancelled. The state goes to
        `path`, a file that is complete or absent whatever happens; the traces to `path`.traces, to
        which each checkpoint adds the draws since the one before. A kill at any time leaves the
        last checkpoint as it was.

        :param path: a name that is free, or that of this sampler's last checkpoint, saved or
            loaded, which it replaces
        :raises: StateError before the first run, after a divergence, and where a file of that name
            is not this sampler's; IoError; ChecksumError where the file of traces has become
            shorter; MflearnMemoryError. O(chains N d + P) and the new draws.
        """
        self._call('mfl_sampler_save', path)

    def load(self, path: FileName) -> None:
        """Go on from a checkpoint: the sampler is as the one that was saved, and continues with the
        same numbers.

        For any number of threads. An interrupted Sampler.run() is finished by the next one.

        :param path: as given to Sampler.save()
        :raises: StateError after the first run; ArgumentError with the name of what differs;
            ChecksumError for a damaged file and FormatError for a strange one, with the reason;
            UnsupportedError for one of a later version; IoError; CallbackError;
            MflearnMemoryError. On failure the sampler is as it was.
        """
        self._call('mfl_sampler_load', path)


class SpectrumMethods(Handle):
    """The spectrum of a kernel, for learning curves (spectrum.h)."""

    _kind = 'spectrum'

    @classmethod
    def of_kernel(cls, ridge: Ridge, law: SpectrumLaw | str | int, degrees: int) -> Spectrum:
        """The spectrum of a regression's kernel by degree under a law of its inputs.

        Hypercube and sphere: one entry for each of the degrees 0 .. degrees - 1. Values are sums
        of positive terms (from the power series of the kernel in cos theta), so that even the
        smallest keep their relative accuracy, about 1e-12; below 1e-308 they are 0. For tanh the
        error is absolute, 1e-15 of the trace.

        Gaussian inputs: eigenfunctions are spherical harmonics times functions of the length, so a
        degree has several entries (the homogeneous kernels, relu, leaky, linear and sign, have
        one), largest first; Spectrum.degrees() tells the degree of each. They come from sums over
        lengths, which are refined until they settle: see Spectrum.error(). Modes below 1e-15 of
        the first of their degree are left to the rest.

        :param law: SpectrumLaw
        :param degrees: number of degrees, >= 1; for the hypercube at most d + 1
        :raises: ArgumentError; UnsupportedError (a caller's kernel or a matrix; multiplicities
            beyond the range of numbers; a kernel that varies with the length too fast to be
            resolved); MflearnMemoryError; CallbackError; CancelledError.
        """
        return ridge._make(cls, 'mfl_spectrum_of_kernel', as_member(SpectrumLaw, law), degrees)

    @classmethod
    def of_task(cls, ridge: Ridge, task: Task, degrees: int) -> Spectrum:
        """The spectrum of a regression's kernel by degree under the law of a task's inputs, with the
        power of the task's target.

        For parities on the hypercube, the sphere and Gaussian inputs, and Hermite teachers on the
        latter two. Target power in functions that the kernel cannot express, such as |x|^2 - c |x|
        times harmonics with relu and Gaussian inputs, belongs to no entry, and is never learned.

        :param task: target and law of the inputs, of the same dimension
        :param degrees: number of degrees, above that of the target
        :raises: as Spectrum.of_kernel(); SizeError if the dimensions differ; UnsupportedError for
            other targets and laws, and degrees of the target above 200.
        """
        return ridge._make(cls, 'mfl_spectrum_of_task', task, degrees)

    @classmethod
    def of_data(cls, ridge: Ridge, dataset: Dataset) -> Spectrum:
        """The empirical spectrum: eigenvalues of K / P on a data set, largest first, with the power
        of its targets in each eigenvector, (u_i . y)^2 / P.

        :param dataset: P samples with targets
        :raises: SizeError; StateError; MflearnMemoryError; CancelledError. O(P^3); 3 P^2 numbers
            of memory.
        """
        return ridge._make(cls, 'mfl_spectrum_of_data', dataset)

    @property
    def shape(self) -> SpectrumShape:
        """Number of entries, and the trace that they leave out.

        :returns count: the number
        :returns rest: the trace
        """
        count_ = c_int64()
        rest_ = c_double()
        self._call('mfl_spectrum_shape', count_, rest_)
        return SpectrumShape(count_.value, rest_.value)

    @property
    def error(self) -> float:
        """Error of the entries beyond rounding, relative to the largest eigenvalue of their degree.

        For Gaussian inputs what the last halving of the spacing of lengths changed, an
        overestimate, and the share of the trace that the power series left out; for a caller's
        activation also the error of its kernel (Ridge.kernel_error()). Else 0.

        :returns error: the estimate
        """
        error_ = c_double()
        self._call('mfl_spectrum_error', error_)
        return error_.value


class TaskMethods(Handle):
    """A target function and the law of its inputs (task.h)."""

    _kind = 'task'

    @classmethod
    def parity(cls, context: Context, dimension: int, degree: int) -> Task:
        """Describe a k-sparse parity, on the first k coordinates until Task.set_support().

        :param dimension: d >= 1
        :param degree: k, 1 <= k <= d
        :raises: ArgumentError; MflearnMemoryError.
        """
        return context._make(cls, 'mfl_task_create_parity', dimension, degree)

    @classmethod
    def hermite(cls, context: Context, dimension: int, degree: int) -> Task:
        """Describe the teacher He_q(u . x)/sqrt(q!), with u = e_1 until Task.set_direction().

        :param dimension: d >= 1
        :param degree: q, 1 <= q <= 100000; an evaluation takes O(q) by the stable three-term
            recurrence
        :raises: ArgumentError; MflearnMemoryError.
        """
        return context._make(cls, 'mfl_task_create_hermite', dimension, degree)

    @classmethod
    def relu(cls, context: Context, dimension: int) -> Task:
        """Describe the teacher max(u . x, 0), with u = e_1 until Task.set_direction().

        :param dimension: d >= 1
        :raises: ArgumentError; MflearnMemoryError.
        """
        return context._make(cls, 'mfl_task_create_relu', dimension)

    @property
    def shape(self) -> TaskShape:
        """What the task is.

        :returns kind: TaskKind
        :returns dimension: d
        :returns degree: k of a parity, q of a Hermite teacher, else 0
        """
        kind_ = c_int32()
        dimension_ = c_int64()
        degree_ = c_int64()
        self._call('mfl_task_shape', kind_, dimension_, degree_)
        return TaskShape(from_member(TaskKind, kind_.value), dimension_.value, degree_.value)

    @property
    def moments(self) -> TaskMoments:
        """Mean and mean square of the noise-free target under the input law.

        Exact for parities, for Hermite teachers and sums on N(0, I_d), and for sums of parities on
        the hypercube. Otherwise the one-dimensional law of u . x is integrated by composite
        Gauss-Legendre quadrature (Gaussian and sphere) or summed over all sign patterns
        (hypercube, when u has at most 20 components that are not zero).

        :returns mean: E f*
        :returns mean_square: E f*^2
        :returns error: the estimated absolute error of both, 0 if exact
        :raises: UnsupportedError (hypercube, u with more than 20 components; other sums: average
            over drawn targets instead); CallbackError; NotFiniteError.
        """
        mean_ = c_double()
        mean_square_ = c_double()
        error_ = c_double()
        self._call('mfl_task_moments', mean_, mean_square_, error_)
        return TaskMoments(mean_.value, mean_square_.value, error_.value)


class TheoryMethods(Handle):
    """A mean-field theory of one task and model (theory.h)."""

    _kind = 'theory'

    def use(self, preset: TheoryPreset | str | int) -> None:
        """Choose a closure by name: sets TheoryOption.NOISE, TheoryOption.SELF_ENERGY and
        TheoryOption.PRIOR.

        :param preset: TheoryPreset
        :raises: ArgumentError
        """
        self._call('mfl_theory_use', as_member(TheoryPreset, preset))

    @property
    def stop(self) -> Stop:
        """Why the last solve stopped (Stop).

        Stop.CONVERGED: tolerance met. Stop.LIMIT: resolutions or evaluations used up.
        Stop.CANCELLED. Stop.NONE: there is no result.

        :returns stop: the reason
        """
        stop_ = c_int32()
        self._call('mfl_theory_stop', stop_)
        return from_member(Stop, stop_.value)

    @property
    def branches(self) -> int:
        """How many solutions the last solve found.

        With relevance determination, renormalised noise or screening the equations can have two
        stable solutions: branch 0 is followed from the prior (heating), branch 1 from aligned
        neurons (cooling).

        :returns count: 0 (nothing solved), 1 or 2
        """
        count_ = c_int32()
        self._call('mfl_theory_branches', count_)
        return count_.value

    def select(self, branch: int) -> None:
        """Choose the branch that Theory.stop() and Theory.get() speak of; after a solve it is 0.

        :param branch: below the number of branches
        :raises: ArgumentError
        """
        self._call('mfl_theory_select', branch)

    def result_at(self, index: int) -> TheoryResultAt:
        """Key and name of the result at a position, for bindings and tables.

        :param index: 0, 1, 2, ...
        :returns key: TheoryResult
        :returns name: static text, for example "m"
        :returns summary: static text, one sentence
        :raises: ArgumentError past the last result.
        """
        key_ = c_int32()
        name_ = c_char_p()
        summary_ = c_char_p()
        self._call('mfl_theory_result_at', index, key_, name_, summary_)
        return TheoryResultAt(from_member(TheoryResult, key_.value), text(name_), text(summary_))

    def get(self, key: TheoryResult | str | int) -> TheoryGet:
        """One result of the last solve, with its estimated absolute error.

        :param key: TheoryResult
        :returns value: the result
        :returns error: the estimated error (quadrature and self-consistency), infinite when the
            solve was cut short at the first resolution
        :raises: ArgumentError for an unknown key; StateError when nothing was solved yet, or the
            result does not exist for this problem.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_theory_get', as_member(TheoryResult, key), value_, error_)
        return TheoryGet(value_.value, error_.value)

    def finite(self, draws: int) -> TheoryFinite:
        """m without the central limit theorem for the inputs that are no variables of the target, for
        small d.

        J_A and Sigma are averaged over all 2^d inputs for each of `draws` neurons from the
        selected branch's law, and the self-consistency (with relevance determination also that of
        the precisions) is solved over these neurons with and without the approximation; the
        difference corrects TheoryResult.M. On hypercube inputs: finite width, bare noise, no
        screening; with r variables d - r <= 32, or 12 for a caller's activation. The averages are
        exact for ReLU, leaky ReLU, linear, quadratic and a caller's activation; for erf, tanh and
        GELU beyond d - r = 8 they are Gauss rules, in error by less than 1e-12 for weights off the
        variables with a length up to 1, 1e-7 up to 2, 1e-3 up to 4. On gaussian inputs nothing was
        approximated: the difference and its error are 0.

        :param draws: neurons, >= 240; 100000 give an error of some 1e-4 near a transition
        :returns m: the corrected m
        :returns difference: it less TheoryResult.M
        :returns error: the Monte Carlo standard error of both
        :raises: ArgumentError; StateError (nothing solved); UnsupportedError; ToleranceError (the
            two laws are too different to be reweighted); CancelledError; MflearnMemoryError;
            CallbackError, NotFiniteError (the caller's activation) Time of a draw: 2^(r - 1 + (d -
            r)/2) (d - r) some 5 ns for ReLU, leaky ReLU and linear activation; 2^(r + min(d - r,
            8)) values of other activations and some 20 us (d - r).
        """
        m_ = c_double()
        difference_ = c_double()
        error_ = c_double()
        self._call('mfl_theory_finite', draws, m_, difference_, error_)
        return TheoryFinite(m_.value, difference_.value, error_.value)

    @property
    def mode_count(self) -> int:
        """How many modes chi_A the theory follows.

        :returns count: that of the last solve; before the first, and after one that failed, that
            of the options as they are set
        :raises: UnsupportedError (the options ask for too many)
        """
        count_ = c_int64()
        self._call('mfl_theory_mode_count', count_)
        return count_.value

    def get_mode(self, mode: int, key: TheoryResult | str | int) -> TheoryGetMode:
        """Result of the last solve for one mode.

        :param mode: below Theory.mode_count()
        :param key: TheoryResult.M or TheoryResult.LAMBDA
        :returns value: the result
        :returns error: the estimated error, see Theory.get()
        :raises: as Theory.get(), and ArgumentError for a mode there is not.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_theory_get_mode', mode, as_member(TheoryResult, key), value_, error_)
        return TheoryGetMode(value_.value, error_.value)

    def get_variable(self, variable: int, key: TheoryResult | str | int) -> TheoryGetVariable:
        """Result of the last solve for one variable of the task: a coordinate of the support, or a
        direction.

        :param variable: below the number of variables, in the order of Theory.mode()
        :param key: TheoryResult.WEIGHT_ON or TheoryResult.RHO_ON
        :returns value: the result
        :returns error: the estimated error, see Theory.get()
        :raises: as Theory.get(), and ArgumentError for a variable there is not.
        """
        value_ = c_double()
        error_ = c_double()
        self._call('mfl_theory_get_variable', variable, as_member(TheoryResult, key), value_, error_)
        return TheoryGetVariable(value_.value, error_.value)

    def set_checkpoint(self, path: FileName, seconds: float) -> None:
        """Keep checkpoints of solves to come in a file.

        After a sweep, where the last checkpoint is as old as `seconds`, and at the end of a solve
        the file is replaced atomically by the state of the solve; whatever becomes of the process
        then, what is in the file is whole, and Theory.resume() goes on from there. A solve whose
        checkpoint cannot be written fails with IoError. Its size is 16 P^2 + 150 M d bytes.

        :param path: a file that does not exist yet; None: keep none
        :param seconds: >= 0; 0: after every sweep
        :raises: StateError (the file exists, or not of a training set); ArgumentError; IoError (no
            possible name of a file); MflearnMemoryError.
        """
        self._call('mfl_theory_set_checkpoint', path, seconds)

    def resume(self, path: FileName, seconds: float) -> None:
        """Go on with the solve that a checkpoint was taken of, at its samples and kappa, to the
        numbers that it would have found.

        For a theory made the same way: model, data, task, the context's seed and the options but
        `sweeps` and `tolerance`, which may have changed, so that a solve that ended by the number
        of its sweeps can be continued. Data and parameters are compared. Later solves keep their
        checkpoints in the same file.

        :param path: a file of Theory.set_checkpoint()
        :param seconds: between checkpoints from now on, >= 0
        :raises: as Theory.solve(); StateError (not of a training set); IoError (not readable);
            FormatError or ChecksumError (not a checkpoint of a theory, or damaged);
            UnsupportedError (of a later version of the library); ArgumentError (of another
            problem: the message says what differs).
        """
        self._call('mfl_theory_resume', path, seconds)

    def test(self, test: Dataset) -> float:
        """Mean squared error of the mean predictor on a data set, against clean targets where it has
        them.

        :param test: samples with targets, of the same dimension
        :returns error: the mean of (f - y)^2
        :raises: as Theory.predict().
        """
        error_ = c_double()
        self._call('mfl_theory_test', test, error_)
        return error_.value
