/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that end where the memory does: whoever reads one more is ended by the system. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include <check.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { guarded_pages = 4 };

static inline size_t guarded_size(void)
{
    return guarded_pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* To be released with guarded_release(). */
static inline uint8_t *guarded_copy(const void *bytes, size_t size)
{
    const size_t room = guarded_size(), page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(size <= room && memory != MAP_FAILED && mprotect(memory + room, page, PROT_NONE) == 0);
    return memcpy(memory + room - size, bytes, size);
}

static inline void guarded_release(uint8_t *bytes, size_t size)
{
    munmap(bytes + size - guarded_size(), guarded_size() + (size_t)sysconf(_SC_PAGESIZE));
}

#endif
