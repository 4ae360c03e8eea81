# SPDX-License-Identifier: BSD-3-Clause
"""The network model: width, input dimension, scaling, priors, activation."""
from __future__ import annotations

from mflearn import _functions
from mflearn._documented import documented
from mflearn._methods import ModelMethods


class Model(ModelMethods, public=True):
    """A description of a two-layer network: Model(context, dimension, width, gamma=1, activation='erf')."""

    @documented('mfl_model_set_activation')
    def set_activation(self, activation: _functions.Activation) -> None:
        """:param activation: from an array of points to the arrays of values and of derivatives."""
        callback = _functions.activation(self, activation)
        self._call('mfl_model_set_activation', callback, None)
        self._hold('activation', callback)
