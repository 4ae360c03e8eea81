/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arguments.h"

void ex_make_directory(const char *path)
{
    char part[EX_PATH_SIZE];
    if (!*path)
        ex_usage("--out is empty; it names a directory");
    if (strlen(path) >= EX_PATH_SIZE - 64)
        ex_usage("--out is too long a path");
    strcpy(part, path);
    for (char *end = part + 1;; end++) {
        if (*end != '/' && *end != '\0')
            continue;
        char kept = *end;
        *end = '\0';
        struct stat info;
        if (mkdir(part, 0777) != 0 && !(errno == EEXIST && stat(part, &info) == 0 && S_ISDIR(info.st_mode)))
            ex_die("cannot create the directory %s: %s; choose another with --out", part,
                   strerror(errno == EEXIST ? ENOTDIR : errno));
        if (!kept)
            break;
        *end = kept;
    }
    if (access(path, W_OK | X_OK) != 0)
        ex_die("cannot write to the directory %s: %s; choose another with --out", path, strerror(errno));
}

int ex_open_file(const char *path, int flags)
{
    int descriptor;
    do
        descriptor = open(path, flags | O_CLOEXEC, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

int ex_write_all(int descriptor, const void *bytes, size_t count)
{
    for (size_t done = 0; done < count;) {
        const ssize_t written = write(descriptor, (const char *)bytes + done, count - done);
        if (written < 0 && errno != EINTR)
            return -1;
        done += written > 0 ? (size_t)written : 0;
    }
    return 0;
}

int ex_sync_all(int descriptor)
{
    int failed;
    do
        failed = fsync(descriptor);
    while (failed && errno == EINTR);
    return failed;
}

/* A stream of our own: that of fopen() loses what a signal interrupts. */
static ssize_t put(void *data, const char *bytes, size_t count)
{
    const ex_file *file = data;
    return ex_write_all(file->descriptor, bytes, count) == 0 ? (ssize_t)count : 0;
}

static void name_fresh(const ex_file *file, char name[EX_PATH_SIZE + 24])
{
    snprintf(name, EX_PATH_SIZE + 24, "%s.new", file->partial);
}

void ex_open(ex_file *file, const char *directory, const char *name)
{
    char fresh[EX_PATH_SIZE + 24];
    snprintf(file->path, sizeof file->path, "%s/%s", directory, name);
    snprintf(file->partial, sizeof file->partial, "%s.partial", file->path);
    name_fresh(file, fresh);
    file->fresh = 1;
    file->descriptor = ex_open_file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    if (file->descriptor < 0)
        ex_die("cannot write %s: %s", fresh, strerror(errno));
    file->stream = fopencookie(file, "w", (cookie_io_functions_t){.write = put});
    if (!file->stream)
        ex_die("out of memory");
}

void ex_flush(ex_file *file)
{
    char fresh[EX_PATH_SIZE + 24];
    errno = 0;
    if (fflush(file->stream) != 0 || ferror(file->stream))
        ex_die("cannot write %s: %s", file->partial, strerror(errno ? errno : EIO));
    name_fresh(file, fresh);
    if (file->fresh && rename(fresh, file->partial) != 0)
        ex_die("cannot write %s: %s", file->partial, strerror(errno));
    file->fresh = 0;
}

void ex_finish(ex_file *file)
{
    ex_flush(file);
    fclose(file->stream);
    if (ex_sync_all(file->descriptor) != 0 || (close(file->descriptor) != 0 && errno != EINTR)
        || rename(file->partial, file->path) != 0)
        ex_die("cannot complete %s: %s", file->path, strerror(errno));
}

void ex_abandon(ex_file *file)
{
    ex_flush(file);
    fclose(file->stream);
    close(file->descriptor);
    fprintf(stderr, "What was finished is in %s\n", file->partial);
}

/* ---- text in memory; open_memstream() loses what there is no memory for, and does not say so ---- */

typedef struct ex_memory {
    char **text;
    size_t used, capacity;
} ex_memory;

static ssize_t put_text(void *data, const char *bytes, size_t count)
{
    ex_memory *memory = data;
    if (count >= memory->capacity - memory->used) {
        memory->capacity = 2 * (memory->capacity + count);
        *memory->text = realloc(*memory->text, memory->capacity);
        if (!*memory->text)
            ex_die("out of memory");
    }
    memcpy(*memory->text + memory->used, bytes, count);
    memory->used += count;
    (*memory->text)[memory->used] = '\0';
    return (ssize_t)count;
}

static int close_text(void *data)
{
    free(data);
    return 0;
}

FILE *ex_text_stream(char **text)
{
    ex_memory *memory = malloc(sizeof *memory);
    *text = calloc(1, 1);
    if (!memory || !*text)
        ex_die("out of memory");
    *memory = (ex_memory){.text = text, .capacity = 1};
    FILE *stream = fopencookie(memory, "w", (cookie_io_functions_t){.write = put_text, .close = close_text});
    if (!stream)
        ex_die("out of memory");
    return stream;
}

/* ---- */

void ex_csv_number(FILE *stream, double value)
{
    if (!isnan(value))
        fprintf(stream, "%.17g", value);
}

void ex_csv_text(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

/* Feeds the script to gnuplot's standard input. 0: it ran well; 1: it is not installed; 2: it failed. */
static int run_gnuplot(const char *directory, const char *script)
{
    int ends[2];
    if (pipe(ends) != 0)
        return 2;
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return 2;
    if (child == 0) {
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        close(ends[1]);
        if (chdir(directory) != 0)
            _exit(126);
        execlp("gnuplot", "gnuplot", "-", (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* the reader may be gone already */
    const int failed = ex_write_all(ends[1], script, strlen(script));
    close(ends[1]);
    signal(SIGPIPE, before);
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return 1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && !failed ? 0 : 2;
}

/* gnuplot ends well on a full disk, too: a picture is complete if it has its end. */
static int32_t reaches_disk(const char *picture, const char *ending)
{
    char end[16];
    const size_t length = strlen(ending);
    const int descriptor = ex_open_file(picture, O_RDONLY);
    if (descriptor < 0)
        return 0;
    const off_t size = lseek(descriptor, 0, SEEK_END);
    int32_t complete = size >= (off_t)sizeof end && pread(descriptor, end, sizeof end, size - (off_t)sizeof end) > 0
        && memmem(end, sizeof end, ending, length) != NULL && ex_sync_all(descriptor) == 0;
    close(descriptor);
    return complete;
}

int32_t ex_plot(const char *directory, const char *name, const char *body)
{
    static const char *const terminals[][3] = {
        {"svg", "set terminal svg size 800,560 font 'Helvetica,13' background '#ffffff'", "</svg>"},
        {"png", "set terminal pngcairo size 1200,840 font 'Helvetica,20' background '#ffffff'", "IEND"},
    };
    /* An old picture must not pass for a new one. */
    for (size_t i = 0; i < sizeof terminals / sizeof terminals[0]; i++) {
        char old[EX_PATH_SIZE];
        snprintf(old, sizeof old, "%s/%s.%s", directory, name, terminals[i][0]);
        remove(old);
    }
    for (size_t i = 0; i < sizeof terminals / sizeof terminals[0]; i++) {
        size_t size = strlen(body) + 1024;
        char *script = malloc(size);
        if (!script)
            ex_die("out of memory");
        snprintf(script, size, "%s\nset output '%s.%s.partial'\n%s\nunset output\n", terminals[i][1], name,
                 terminals[i][0], body);
        int failure = run_gnuplot(directory, script);
        free(script);
        char picture[EX_PATH_SIZE], partial[EX_PATH_SIZE + 16];
        snprintf(picture, sizeof picture, "%s/%s.%s", directory, name, terminals[i][0]);
        snprintf(partial, sizeof partial, "%s.partial", picture);
        if (failure || !reaches_disk(partial, terminals[i][2]) || rename(partial, picture) != 0) {
            remove(partial);
            fprintf(stderr, failure == 1 ? "No picture: gnuplot is not installed (Debian: apt install "
                                           "gnuplot-nox). The numbers are in the CSV file.\n"
                                         : "No picture: gnuplot could not draw it. The numbers are in the CSV "
                                           "file.\n");
            return 1;
        }
    }
    return 0;
}
