/* SPDX-License-Identifier: BSD-3-Clause */
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <mflearn/context.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { THREADS_MOST = 64 };

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double measure_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double measure_processor_time(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}


static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measure_median(double *x, int count)
{
    qsort(x, (size_t)count, sizeof *x, ascending);
    return x[count / 2];
}

void *measure_allocate(size_t count, size_t size)
{
    const size_t bytes = (count * size / 64 + 1) * 64;
    void *memory = aligned_alloc(64, bytes);
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return memset(memory, 0, bytes);
}

typedef double fma_loop(clockid_t clock);

#if defined(__x86_64__)
#define ALL_CHAINS(x)                                                                              \
    x(a), x(b), x(c), x(d), x(e), x(f), x(g), x(h), x(i), x(j), x(k), x(l)
#define CHAIN_REGISTER(x) "+v"(x)
#define CHAIN_START(x) x = start_value
#define CHAIN_STEP__mm256_fmadd_ps(x) x = _mm256_fmadd_ps(x, factor, offset)
#define CHAIN_STEP__mm256_fmadd_pd(x) x = _mm256_fmadd_pd(x, factor, offset)
#define CHAIN_STEP__mm512_fmadd_ps(x) x = _mm512_fmadd_ps(x, factor, offset)
#define CHAIN_STEP__mm512_fmadd_pd(x) x = _mm512_fmadd_pd(x, factor, offset)
#define FMA_LOOP(name, isa, vector, lanes, set, fma)                                               \
    __attribute__((target(isa))) static double name(clockid_t clock)                               \
    {                                                                                              \
        const int64_t rounds = 1000000;                                                            \
        const vector start_value = set(0), factor = set(0.999999f), offset = set(1e-6f);           \
        vector ALL_CHAINS(CHAIN_START);                                                            \
        const double start = seconds(clock);                                                       \
        for (int64_t round = 0; round < rounds; round++) {                                         \
            ALL_CHAINS(CHAIN_STEP_##fma);                                                          \
            __asm__ volatile("" : ALL_CHAINS(CHAIN_REGISTER));                                     \
        }                                                                                          \
        return 2.0 * 12 * lanes * (double)rounds / (seconds(clock) - start);                       \
    }
FMA_LOOP(avx2_f32, "avx2,fma", __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps)
FMA_LOOP(avx2_f64, "avx2,fma", __m256d, 4, _mm256_set1_pd, _mm256_fmadd_pd)
FMA_LOOP(avx512_f32, "avx512f", __m512, 16, _mm512_set1_ps, _mm512_fmadd_ps)
FMA_LOOP(avx512_f64, "avx512f", __m512d, 8, _mm512_set1_pd, _mm512_fmadd_pd)

static fma_loop *choose_loop(int32_t instruction_set, int is_double)
{
    if (instruction_set == MFL_INSTRUCTION_SET_AVX2)
        return is_double ? avx2_f64 : avx2_f32;
    if (instruction_set == MFL_INSTRUCTION_SET_AVX512)
        return is_double ? avx512_f64 : avx512_f32;
    return NULL;
}
#else
static fma_loop *choose_loop(int32_t instruction_set, int is_double)
{
    (void)instruction_set;
    (void)is_double;
    return NULL;
}
#endif

typedef struct runner {
    fma_loop *loop;
    clockid_t clock;
    double rate;
} runner;

static void *run(void *data)
{
    runner *me = data;
    me->rate = me->loop(me->clock);
    return NULL;
}

double measure_fma_peak(int32_t instruction_set, int is_double, int threads)
{
    runner runners[THREADS_MOST];
    pthread_t others[THREADS_MOST];
    fma_loop *loop = choose_loop(instruction_set, is_double);
    double sum = 0.0;
    int started = 0;
    if (!loop)
        return 0.0;
    threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    for (int i = 0; i < threads; i++)
        runners[i] = (runner){loop, threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, 0.0};
    while (started < threads - 1 && pthread_create(&others[started], NULL, run, &runners[started + 1]) == 0)
        started++;
    run(&runners[0]);
    for (int i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    for (int i = 0; i <= started; i++)
        sum += runners[i].rate;
    return sum;
}
