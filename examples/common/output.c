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

void ex_open(ex_file *file, const char *directory, const char *name)
{
    snprintf(file->path, sizeof file->path, "%s/%s", directory, name);
    snprintf(file->partial, sizeof file->partial, "%s.partial", file->path);
    file->stream = fopen(file->partial, "w");
    if (!file->stream)
        ex_die("cannot write %s: %s", file->partial, strerror(errno));
}

void ex_flush(ex_file *file)
{
    if (fflush(file->stream) != 0 || ferror(file->stream))
        ex_die("cannot write %s: %s", file->partial, strerror(errno));
}

void ex_finish(ex_file *file)
{
    ex_flush(file);
    if (fsync(fileno(file->stream)) != 0 || fclose(file->stream) != 0
        || rename(file->partial, file->path) != 0)
        ex_die("cannot complete %s: %s", file->path, strerror(errno));
}

void ex_abandon(ex_file *file)
{
    fclose(file->stream);
    fprintf(stderr, "What was finished is in %s\n", file->partial);
}

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
    FILE *stream = fdopen(ends[1], "w");
    if (stream) {
        fputs(script, stream);
        fclose(stream);
    }
    signal(SIGPIPE, before);
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return 1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 2;
}

int32_t ex_plot(const char *directory, const char *name, const char *body)
{
    static const char *const terminals[][2] = {
        {"svg", "set terminal svg size 800,560 font 'Helvetica,13' background '#ffffff'"},
        {"png", "set terminal pngcairo size 1200,840 font 'Helvetica,20' background '#ffffff'"},
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
        if (failure || rename(partial, picture) != 0) {
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
