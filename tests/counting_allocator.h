/* SPDX-License-Identifier: BSD-3-Clause */
/* An allocator for contexts that counts what is alive, and can be told to fail. */
#ifndef TESTS_COUNTING_ALLOCATOR_H
#define TESTS_COUNTING_ALLOCATOR_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct counting_allocator {
    int64_t live, made;
    int64_t fail_at;    /* the 1-based allocation that fails; 0: none */
    int64_t fail_count; /* how many fail from there on */
    void (*before)(void *data); /* called before each allocation; may be NULL */
    void *before_data;
} counting_allocator;

static inline void *counting_allocate(size_t size, void *user_data)
{
    counting_allocator *self = user_data;
    if (self->before)
        self->before(self->before_data);
    self->made++;
    if (self->fail_at && self->made >= self->fail_at && self->made - self->fail_at < self->fail_count)
        return NULL;
    void *memory = malloc(size);
    self->live += memory != NULL;
    return memory;
}

static inline void counting_release(void *memory, void *user_data)
{
    counting_allocator *self = user_data;
    self->live--;
    free(memory);
}

#endif
