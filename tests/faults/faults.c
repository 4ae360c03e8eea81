/* SPDX-License-Identifier: BSD-3-Clause */
/* To be preloaded: makes the n-th of some calls of a program fail. In the environment:
 *   FAULT_CALLS  which are counted, with commas between: open, write, sync, cut,
 *                close, rename, mkdir, thread, memory
 *   FAULT_AT     the first that fails, from 1; 0 only counts
 *   FAULT_COUNT  how many fail from there on
 *   FAULT_HOW    a number for errno; "short": half is written; "full": half is written, and then no more
 *   FAULT_KILL   the one, from 1, at which the program is killed instead
 *   FAULT_UNDER  a directory: only its files count
 *   FAULT_LOG    a file that is told "CALL CALLER WHERE" of the first that fails, and "count N" at the end
 * Memory counts from main() on, and all of it; the caller is the library or program that asked for it. */
#undef _FILE_OFFSET_BITS /* or open and open64 would be one function */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, CUT = 8, CLOSE = 16, RENAME = 32, MKDIR = 64, THREAD = 128, MEMORY = 256 };

static const char *const names[] = {"open",   "write", "sync",   "cut",   "close",
                                    "rename", "mkdir", "thread", "memory"};

static int counted, how, shortened;
static long at, most, killed;
static char under[4096], journal[4096];
static pid_t process;
static atomic_long seen;

static void report(const char *format, ...)
{
    char text[4600];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const int file = (int)syscall(SYS_openat, AT_FDCWD, journal, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file >= 0 && syscall(SYS_write, file, text, (size_t)length) < 0)
        abort();
    syscall(SYS_close, file);
}

/* The library or program of an address; of a function of the C library, what called that. */
static const char *name_caller(const void *caller)
{
    enum { frames = 16 };
    void *stack[frames];
    Dl_info info;
    const int kept = counted;
    counted = 0; /* backtrace() asks for memory the first time */
    const int depth = backtrace(stack, frames);
    const char *name = "?";
    for (int i = -1; i < depth; i++) {
        if (!dladdr(i < 0 ? caller : stack[i], &info) || !info.dli_fname)
            continue;
        const char *slash = strrchr(info.dli_fname, '/');
        name = slash ? slash + 1 : info.dli_fname;
        if (strncmp(name, "libc.", 5) != 0 && strncmp(name, "libfaults.", 10) != 0)
            break;
    }
    counted = kept;
    return name;
}

/* Is this call the one, or one of those after it? */
static int fails(int call, const char *where, const void *caller)
{
    if (!(counted & call) || getpid() != process)
        return 0;
    const long number = ++seen;
    if (number == killed)
        kill(process, SIGKILL);
    if (at == 0 || number < at || number - at >= most)
        return 0;
    if (number == at) {
        int name = 0;
        while (1 << name != call)
            name++;
        report("%s %s %s\n", names[name], name_caller(caller), where);
    }
    errno = how;
    return 1;
}

static int is_under(const char *path)
{
    return !*under || strncmp(path, under, strlen(under)) == 0;
}

static int fails_path(int call, int directory, const char *path, const void *caller)
{
    char whole[8192] = "", link[64];
    if (!counted)
        return 0;
    if (path[0] != '/') {
        snprintf(link, sizeof link, directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", directory);
        const ssize_t length = readlink(link, whole, sizeof whole / 2);
        if (length < 0)
            return 0;
        whole[length] = '/';
        whole[length + 1] = '\0';
    }
    strncat(whole, path, sizeof whole / 2 - 2);
    return is_under(whole) && fails(call, whole, caller);
}

static int fails_file(int call, int file, const void *caller)
{
    char link[64], path[4096];
    if (!counted)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return is_under(path) && fails(call, path, caller);
}

#define CALLER __builtin_return_address(0)

/* ---- files ---- */

#define OPENED(name)                                                                                         \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        const mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;                                 \
        va_end(arguments);                                                                                   \
        return fails_path(OPEN, AT_FDCWD, path, CALLER)                                                      \
            ? -1                                                                                             \
            : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);                                         \
    }
OPENED(open)
OPENED(open64)

#define OPENED_AT(name)                                                                                      \
    int name(int directory, const char *path, int flags, ...)                                                \
    {                                                                                                        \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        const mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;                                 \
        va_end(arguments);                                                                                   \
        return fails_path(OPEN, directory, path, CALLER)                                                     \
            ? -1                                                                                             \
            : (int)syscall(SYS_openat, directory, path, flags, mode);                                        \
    }
OPENED_AT(openat)
OPENED_AT(openat64)

/* How many of these bytes are written; -1 for none, with errno. */
static ssize_t writable(int file, size_t count, const void *caller)
{
    if (!fails_file(WRITE, file, caller))
        return (ssize_t)count;
    if (shortened == 0)
        return -1;
    if (shortened == 2) {
        shortened = 0;
        how = ENOSPC;
    }
    return count > 1 ? (ssize_t)(count / 2) : (ssize_t)count;
}

ssize_t write(int file, const void *bytes, size_t count)
{
    const ssize_t some = writable(file, count, CALLER);
    return some < 0 ? -1 : syscall(SYS_write, file, bytes, (size_t)some);
}

#define PWRITTEN(name)                                                                                       \
    ssize_t name(int file, const void *bytes, size_t count, off_t offset)                                    \
    {                                                                                                        \
        const ssize_t some = writable(file, count, CALLER);                                                  \
        return some < 0 ? -1 : syscall(SYS_pwrite64, file, bytes, (size_t)some, offset);                     \
    }
PWRITTEN(pwrite)
PWRITTEN(pwrite64)

int fsync(int file)
{
    return fails_file(SYNC, file, CALLER) ? -1 : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file)
{
    return fails_file(SYNC, file, CALLER) ? -1 : (int)syscall(SYS_fdatasync, file);
}

#define SHORTENED(name)                                                                                      \
    int name(int file, off_t length)                                                                         \
    {                                                                                                        \
        return fails_file(CUT, file, CALLER) ? -1 : (int)syscall(SYS_ftruncate, file, length);               \
    }
SHORTENED(ftruncate)
SHORTENED(ftruncate64)

/* What fails to be closed is closed. */
int close(int file)
{
    const int failed = fails_file(CLOSE, file, CALLER), error = errno, result = (int)syscall(SYS_close, file);
    if (failed)
        errno = error;
    return failed ? -1 : result;
}

int rename(const char *from, const char *to)
{
    return fails_path(RENAME, AT_FDCWD, to, CALLER)
        ? -1
        : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return fails_path(RENAME, to_directory, to, CALLER)
        ? -1
        : (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return fails_path(MKDIR, AT_FDCWD, path, CALLER) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* ---- threads and memory ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    static int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (fails(THREAD, "-", CALLER))
        return EAGAIN;
    if (!create)
        *(void **)&create = dlsym(RTLD_NEXT, "pthread_create");
    return create(thread, attributes, start, argument);
}

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
    *__libc_memalign(size_t, size_t);

void *malloc(size_t size)
{
    return fails(MEMORY, "malloc", CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(MEMORY, "calloc", CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return size > 0 && fails(MEMORY, "realloc", CALLER) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(MEMORY, "aligned_alloc", CALLER) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (fails(MEMORY, "posix_memalign", CALLER))
        return ENOMEM;
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}

/* ---- from main() to the end ---- */

static void begin(void)
{
    const char *calls = getenv("FAULT_CALLS"), *manner = getenv("FAULT_HOW"), *value;
    int which = 0;
    for (size_t i = 0; calls && i < sizeof names / sizeof names[0]; i++)
        if (strstr(calls, names[i]))
            which |= 1 << i;
    at = (value = getenv("FAULT_AT")) ? atol(value) : 0;
    most = (value = getenv("FAULT_COUNT")) ? atol(value) : 1;
    killed = (value = getenv("FAULT_KILL")) ? atol(value) : 0;
    shortened = manner && strcmp(manner, "short") == 0 ? 1 : manner && strcmp(manner, "full") == 0 ? 2 : 0;
    how = which & MEMORY ? ENOMEM : manner ? atoi(manner) : EIO;
    snprintf(under, sizeof under, "%s", (value = getenv("FAULT_UNDER")) ? value : "");
    snprintf(journal, sizeof journal, "%s", (value = getenv("FAULT_LOG")) ? value : "/dev/null");
    process = getpid();
    unsetenv("LD_PRELOAD"); /* what this program starts is not our subject */
    counted = which;
}

static int (*real_main)(int, char **, char **);

static int counted_main(int count, char **arguments, char **environment)
{
    begin();
    return real_main(count, arguments, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*finish)(void), void (*loader_finish)(void), void *stack_end);

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
                      void (*finish)(void), void (*loader_finish)(void), void *stack_end)
{
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *);
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = main;
    return start(counted_main, count, arguments, init, finish, loader_finish, stack_end);
}

__attribute__((destructor)) static void end(void)
{
    if (counted && getpid() == process) {
        counted = 0;
        report("count %ld\n", (long)seen);
    }
}
