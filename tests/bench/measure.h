/* SPDX-License-Identifier: BSD-3-Clause */
/* What the programs that print speeds have in common. */
#ifndef MFLI_BENCH_MEASURE_H
#define MFLI_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Seconds on a clock that only goes forward, and of processor time of all threads of this process: what other programs
 * do to the machine does not count in that. */
double measure_now(void);
double measure_processor_time(void);

/* Sorts x. */
double measure_median(double *x, int count);

/* Zeroed memory for vectors, or the end of the program. */
void *measure_allocate(size_t count, size_t size);

/* FLOP/s of twelve independent chains of fused multiply-adds on registers, on each of so many threads at once,
 * summed: one thread by its processor time, several by the clock. 0 where there is no fused multiply-add to compare with. instruction_set: mfl_instruction_set. */
double measure_fma_peak(int32_t instruction_set, int is_double, int threads);

#endif
