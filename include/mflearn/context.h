/* SPDX-License-Identifier: BSD-3-Clause */
/**
 * @file context.h
 * @brief The context: allocator, threads, log and progress sinks, last error, seed.
 *
 * The library has no global mutable state: everything lives in a context or in a handle made from one.
 *
 * **Threads.** Distinct contexts may be used from distinct threads at once. One context, with all its handles,
 * serves one thread at a time: a call that finds it in use by another thread returns ::MFL_ERROR_BUSY at once and
 * changes nothing. Calls from a callback, on the thread that runs it, are allowed on any handle but the one whose
 * operation called back. mfl_context_cancel() and the `destroy` functions may be called from any thread at any time.
 *
 * **Lifetime.** Handles keep their context alive: it is released when mfl_context_destroy() was called and its
 * last handle is gone, in whichever order. Each handle is destroyed once; what uses it (a sampler its data set) keeps its
 * own hold on it.
 */
#ifndef MFLEARN_CONTEXT_H
#define MFLEARN_CONTEXT_H

#include <mflearn/status.h>
#include <mflearn/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a context, for mfl_context_options(). @since 0.1 */
enum mfl_context_option {
    /** int, >= 0: threads that long operations may use; 0 (default) counts the processors this process may
     *  run on. Results do not depend on it. @since 0.1 */
    MFL_CONTEXT_THREADS = 1001,
    /** int: base seed of every random stream; default 1. @since 0.1 */
    MFL_CONTEXT_SEED = 1002,
    /** choice of ::mfl_instruction_set: which build of the hot kernels runs; default auto. @since 0.1 */
    MFL_CONTEXT_INSTRUCTION_SET = 1003,
    /** choice of ::mfl_log_level: least severe message that reaches the log sink; default info. @since 0.1 */
    MFL_CONTEXT_LOG_LEVEL = 1004
};

/** Builds of the hot kernels. @since 0.1 */
enum mfl_instruction_set {
    MFL_INSTRUCTION_SET_AUTO = 0,     /**< the widest one this processor has. @since 0.1 */
    MFL_INSTRUCTION_SET_BASELINE = 1, /**< what every processor of the architecture has. @since 0.1 */
    MFL_INSTRUCTION_SET_AVX2 = 2,     /**< AVX2 and FMA (x86-64-v3). @since 0.1 */
    MFL_INSTRUCTION_SET_AVX512 = 3    /**< AVX-512 F, BW, DQ, VL (x86-64-v4). @since 0.1 */
};

/** Severity of a log message. @since 0.1 */
enum mfl_log_level {
    MFL_LOG_DEBUG = 0,   /**< for maintainers. @since 0.1 */
    MFL_LOG_INFO = 1,    /**< choices the library made. @since 0.1 */
    MFL_LOG_WARNING = 2, /**< something the caller should know about the result. @since 0.1 */
    MFL_LOG_NONE = 3     /**< as an option: no messages. @since 0.1 */
};

/**
 * @brief Allocate `size` bytes (never 0), aligned for any object, or return NULL.
 * Called only on threads that are inside a call of the library, and for one context never by two at once.
 * @since 0.1
 */
typedef void *(*mfl_allocate_fn)(size_t size, void *user_data);
/** @brief Release what the matching ::mfl_allocate_fn returned; never called with NULL. @since 0.1 */
typedef void (*mfl_release_fn)(void *memory, void *user_data);
/** @brief Receive one message, without line end; `message` lives for the call. @since 0.1 */
typedef void (*mfl_log_fn)(int32_t level, const char *message, void *user_data);
/**
 * @brief Receive the progress of a long operation, on the calling thread, at most about 20 times a second.
 * @param stage  what is being done, a short static text
 * @param fraction  done so far, in [0, 1]
 * @param seconds  since the operation began
 * @param user_data  as registered
 * @return 0 to go on; anything else cancels the operation.
 * @since 0.1
 */
typedef int32_t (*mfl_progress_fn)(const char *stage, double fraction, double seconds, void *user_data);

/**
 * @brief Create a context that allocates with malloc.
 * @param[out] out  receives the context, NULL on failure; release with mfl_context_destroy()
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_context_create(mfl_context **out);

/**
 * @brief Create a context with its own allocator, which serves every allocation the library makes for it.
 * @param allocate  returns memory or NULL
 * @param release  takes it back
 * @param user_data  passed to both
 * @param[out] out  receives the context, NULL on failure
 * @return ::MFL_OK; ::MFL_ERROR_NULL; ::MFL_ERROR_MEMORY.
 * @since 0.1
 */
MFL_API int32_t mfl_context_create_with_allocator(mfl_allocate_fn allocate, mfl_release_fn release,
                                                  void *user_data, mfl_context **out);

/**
 * @brief Give up the context. It is released when its last handle is.
 * @param context  may be NULL
 * @since 0.1
 */
MFL_API void mfl_context_destroy(mfl_context *context);

/**
 * @brief The options of the context (::mfl_context_option).
 * @param context  the context
 * @param[out] options  receives a borrowed pointer that lives as long as the context
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_options(mfl_context *context, mfl_options **options);

/**
 * @brief What went wrong in the last failed call on this context: names the argument, its value and the remedy.
 * @param context  may be NULL
 * @return Text valid until the next call on the context; "" after a successful call; never NULL.
 * @since 0.1
 */
MFL_API const char *mfl_context_message(const mfl_context *context);

/**
 * @brief Send log messages to a function.
 * @param context  the context
 * @param log  the sink, NULL for none (default)
 * @param user_data  passed to it
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_set_log(mfl_context *context, mfl_log_fn log, void *user_data);

/**
 * @brief Send progress of long operations to a function, which can also cancel them.
 * @param context  the context
 * @param progress  the sink, NULL for none (default)
 * @param user_data  passed to it
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_set_progress(mfl_context *context, mfl_progress_fn progress, void *user_data);

/**
 * @brief Ask the running operation, and every later one, to stop as soon as it can.
 *
 * Safe from any thread and from a signal handler. Operations end with ::MFL_STOP_CANCELLED, or with
 * ::MFL_ERROR_CANCELLED where there can be no partial result, until mfl_context_resume() is called.
 * @param context  may be NULL
 * @since 0.1
 */
MFL_API void mfl_context_cancel(mfl_context *context);

/**
 * @brief Take back mfl_context_cancel().
 * @param context  the context
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_resume(mfl_context *context);

/**
 * @brief Which build of the hot kernels this context uses now (::mfl_instruction_set, never auto).
 * @param context  the context
 * @param[out] instruction_set  receives the number
 * @param[out] name  receives a static text, "baseline", "avx2" or "avx512"; may be NULL
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_instruction_set(const mfl_context *context, int32_t *instruction_set,
                                            const char **name);

/**
 * @brief How many threads long operations on this context use now.
 * @param context  the context
 * @param[out] threads  receives the number, >= 1
 * @return ::MFL_OK or a status of the handle.
 * @since 0.1
 */
MFL_API int32_t mfl_context_threads(const mfl_context *context, int32_t *threads);

/**
 * @brief One line that says how results of this context come about: version, instruction set, options.
 *
 * It is written into every file the library makes.
 * @param context  the context
 * @param[out] text  receives NUL-terminated text; may be NULL when capacity is 0
 * @param capacity  bytes at `text`
 * @param[out] needed  receives the bytes that the whole text takes, with its NUL; may be NULL
 * @return ::MFL_OK; ::MFL_ERROR_BUFFER if it did not fit (`text` holds what did).
 * @since 0.1
 */
MFL_API int32_t mfl_context_provenance(const mfl_context *context, char *text, size_t capacity,
                                       size_t *needed);

#ifdef __cplusplus
}
#endif

#endif
