/* SPDX-License-Identifier: BSD-3-Clause */
#include "empirical/umbrella.h"

#include <math.h>
#include <string.h>

enum { bins = MFLI_UMBRELLA_BINS };

static const double first = -32.0, width = 0.5;
/* Weight of the newest particles in the moving average. */
static const double newest = 0.1;
/* No valley is lifted by more: what is rarer than e^-12 is not visited often enough to know. */
static const double highest = 12.0;
/* Rims lower than this against the highest one are noise in a tail. */
static const double rim = 1e-4;

void mfli_umbrella_add(mfli_umbrella *umbrella, double gain, double weight)
{
    double at = (gain - first) / width;
    if (at >= 0.0 && at < bins)
        umbrella->fresh[(int32_t)at] += weight;
}

/* Averages over neighbours, so that no bin is empty by chance; returns the largest. */
static double smooth(const double *from, double *to)
{
    static const double weight[] = {0.3, 0.2, 0.15};
    double largest = 0.0;
    for (int32_t i = 0; i < bins; i++) {
        to[i] = weight[0] * from[i];
        for (int32_t k = 1; k < 3; k++)
            to[i] += weight[k] * ((i >= k ? from[i - k] : 0.0) + (i + k < bins ? from[i + k] : 0.0));
        largest = fmax(largest, to[i]);
    }
    return largest;
}

void mfli_umbrella_update(mfli_umbrella *umbrella)
{
    double total = 0.0, density[bins], left[bins], right = 0.0;
    for (int32_t i = 0; i < bins; i++)
        total += umbrella->fresh[i];
    if (total <= 0.0)
        return;
    for (int32_t i = 0; i < bins; i++)
        umbrella->seen[i] += newest * (umbrella->fresh[i] / total - umbrella->seen[i]);
    memset(umbrella->fresh, 0, sizeof umbrella->fresh);
    double largest = smooth(umbrella->seen, density), floor = largest * exp(-highest);
    for (int32_t i = 0; i < bins; i++)
        left[i] = fmax(i ? left[i - 1] : 0.0, density[i]);
    for (int32_t i = bins - 1; i >= 0; i--) {
        right = fmax(right, density[i]);
        double rims = fmin(left[i], right);
        umbrella->lift[i] = rims > rim * largest ? log(rims / fmax(density[i], floor)) : 0.0;
    }
}

double mfli_umbrella_at(const mfli_umbrella *umbrella, double gain, double *slope)
{
    double at = (gain - first) / width - 0.5;
    int32_t i = (int32_t)fmin(fmax(floor(at), 0.0), bins - 2.0);
    double step = umbrella->lift[i + 1] - umbrella->lift[i], part = fmin(fmax(at - i, 0.0), 1.0);
    *slope = at > 0.0 && at < bins - 1.0 ? step / width : 0.0;
    return umbrella->lift[i] + part * step;
}
