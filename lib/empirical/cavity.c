/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/cavity.h"

#include <math.h>

mfli_response mfli_cavity_response(const mfli_cavity *cavity, double form, double dot)
{
    const double share = cavity->shrink * cavity->shrink;
    const double precision = 1.0 / cavity->readout_variance + share * form;
    const double square = share * dot * dot / precision;
    return (mfli_response){.precision = precision,
                           .share = cavity->screened ? cavity->readout_variance : 1.0 / precision,
                           .gain = 0.5 * (square - log(cavity->readout_variance * precision)),
                           .square = square};
}

void mfli_cavity_slopes(const mfli_cavity *cavity, const mfli_response *felt, double dot, double *towards,
                        double *against)
{
    const double share = cavity->shrink * cavity->shrink / felt->precision;
    *towards = share * dot;
    *against = share * (1.0 + felt->square);
}
