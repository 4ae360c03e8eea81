/* SPDX-License-Identifier: BSD-3-Clause */
/* The container of the library's own binary files: named sections of numbers, with checksums.
 *
 *     header    magic 89 'M' 'F' 'L' 0D 0A 1A 0A, u32 container version (1), u32 kind, u32 version of the kind,
 *               u32 number of sections, u32 CRC-32C of these 24 bytes
 *     section   u32 name (four letters), u32 type, u64 number of elements, the elements,
 *               u32 CRC-32C of all that
 *
 * All little-endian, without padding; nothing follows the last section. The first section is "PROV": how the file
 * came about, as text. */
#ifndef MFLI_IO_STATE_H
#define MFLI_IO_STATE_H

#include <stddef.h>
#include <stdint.h>

#include <mflearn/types.h>

#define MFLI_STATE_NAME(a, b, c, d)                                                                          \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

enum { MFLI_STATE_MOST_SECTIONS = 64 };

/* Kinds of files. Numbers are never used again. */
enum mfli_state_kind { MFLI_STATE_NETWORK = 1, MFLI_STATE_SAMPLER = 2, MFLI_STATE_EMPIRICAL = 3 };

enum mfli_section_type { MFLI_SECTION_TEXT = 1, MFLI_SECTION_INT64 = 2, MFLI_SECTION_DOUBLE = 3 };

typedef struct mfli_section {
    uint32_t name;
    uint32_t type;
    uint64_t count;
    const void *data; /* char, int64_t or double, in memory's byte order */
} mfli_section;

/* Write the sections, with the context's provenance before them, through the atomic writer. */
int32_t mfli_state_write(mfl_context *context, const char *path, uint32_t kind, uint32_t version,
                         const mfli_section *sections, size_t count);

typedef struct mfli_state {
    mfl_context *context;
    const char *path; /* borrowed, for messages */
    uint8_t *bytes;   /* the file's, or NULL when parsed from memory */
    uint32_t version, count;
    struct {
        uint32_t name, type;
        uint64_t count;
        const uint8_t *data;
    } sections[MFLI_STATE_MOST_SECTIONS];
} mfli_state;

/* Read and check a whole file: structure, sizes, checksums, kind, and a version up to `newest`. */
int32_t mfli_state_open(mfl_context *context, const char *path, uint32_t kind, uint32_t newest,
                        mfli_state *state);
/* The same for a file that is in memory and stays there. */
int32_t mfli_state_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size, uint32_t kind,
                         uint32_t newest, mfli_state *state);
void mfli_state_close(mfli_state *state);

/* Number of elements of a section, which must be there with that type. */
int32_t mfli_state_count(const mfli_state *state, uint32_t name, uint32_t type, uint64_t *count);
/* Its elements; it must have exactly `count`. */
int32_t mfli_state_int64(const mfli_state *state, uint32_t name, uint64_t count, int64_t *out);
int32_t mfli_state_double(const mfli_state *state, uint32_t name, uint64_t count, double *out);
/* A text, not NUL-terminated, that lives as long as the state is open. */
int32_t mfli_state_text(const mfli_state *state, uint32_t name, const char **text, uint64_t *length);

#endif
