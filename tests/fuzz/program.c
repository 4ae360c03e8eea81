/* SPDX-License-Identifier: BSD-3-Clause */
#include "program.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { largest = 1 << 23 };

typedef struct block {
    struct block *next, *previous;
    size_t size;
    max_align_t data[];
} block;

jmp_buf program_end;
static block all = {&all, &all, 0};

_Noreturn void program_exit(int status);
int program_atexit(void (*function)(void));
void *program_malloc(size_t size);
void *program_calloc(size_t count, size_t size);
void *program_realloc(void *memory, size_t size);
void program_free(void *memory);
char *program_strdup(const char *text);
char *program_strndup(const char *text, size_t size);

_Noreturn void program_exit(int status)
{
    longjmp(program_end, PROGRAM_ENDED + status);
}

int program_atexit(void (*function)(void))
{
    return !function;
}

void *program_malloc(size_t size)
{
    if (size > largest)
        abort();
    block *made = malloc(sizeof *made + size);
    if (!made)
        abort();
    *made = (block){all.next, &all, size};
    made->next->previous = made;
    all.next = made;
    return made->data;
}

void program_free(void *memory)
{
    if (!memory)
        return;
    block *old = (block *)((char *)memory - offsetof(block, data));
    old->next->previous = old->previous;
    old->previous->next = old->next;
    free(old);
}

void *program_calloc(size_t count, size_t size)
{
    return memset(program_malloc(count * size), 0, count * size);
}

void *program_realloc(void *memory, size_t size)
{
    char *larger = program_malloc(size);
    if (memory) {
        const size_t before = ((block *)((char *)memory - offsetof(block, data)))->size;
        memcpy(larger, memory, before < size ? before : size);
        program_free(memory);
    }
    return larger;
}

char *program_strndup(const char *text, size_t size)
{
    const size_t length = strnlen(text, size);
    char *copy = program_malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *program_strdup(const char *text)
{
    return program_strndup(text, SIZE_MAX);
}

static void *allocate(size_t size, void *user_data)
{
    (void)user_data;
    return size > largest ? NULL : program_malloc(size);
}

static void release(void *memory, void *user_data)
{
    (void)user_data;
    program_free(memory);
}

mfl_context *program_begin(void)
{
    static FILE *nowhere;
    mfl_context *context;
    if (!nowhere) {
        nowhere = fopen("/dev/null", "w");
        if (!nowhere)
            abort();
        stdout = stderr = nowhere;
    }
    if (mfl_context_create_with_allocator(allocate, release, NULL, &context))
        abort();
    return context;
}

void program_release(void)
{
    while (all.next != &all)
        program_free(all.next->data);
}
