/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints hold what only a run can make, and fit one problem on one machine. So the input is not a file
 * but a list of edits of a good one, 12 bytes each; checksums are mended after them. */
#ifndef MFLEARN_TESTS_FUZZ_EDITS_H
#define MFLEARN_TESTS_FUZZ_EDITS_H

#include <string.h>

#include "mend.h"

enum { edit_size = 12, edited_capacity = 1 << 17, longest_section = 600 };

typedef struct edited {
    uint8_t bytes[edited_capacity];
    size_t size;
} edited;

enum edit_kind {
    EDIT_ELEMENT, /* becomes the value */
    EDIT_LENGTH,  /* of a section: elements are cut off or added */
    EDIT_COUNT,   /* a lie about it */
    EDIT_NAME,
    EDIT_TYPE,
    EDIT_HEADER,
    EDIT_CUT, /* the end of the file */
    EDIT_OTHER, /* the file beside it, see edit_other() */
    EDIT_KINDS
};

typedef struct edit {
    int kind, section;
    size_t element;
    uint64_t value;
} edit;

static inline edit edit_read(const uint8_t *data)
{
    return (edit){data[0] % EDIT_KINDS, data[1], (size_t)mfli_load(data + 2, 2), mfli_load(data + 4, 8)};
}

/* Where a section begins, and its bytes without the checksum; 0 where there is none. */
static inline size_t edit_find(const edited *file, int section, size_t *length)
{
    size_t at = state_header;
    for (int i = 0;; i++, at += *length + checksum_size) {
        *length = at < file->size ? section_length(file->bytes + at, file->size - at) : 0;
        if (*length == 0 || i == section)
            return *length ? at : 0;
    }
}

static inline void edit_length(edited *file, size_t at, size_t length, size_t count)
{
    const size_t width = mfli_load(file->bytes + at + 4, 4) == MFLI_SECTION_TEXT ? 1 : 8;
    const size_t wanted = section_header + count * width, behind = file->size - (at + length);
    if (at + wanted + behind > edited_capacity)
        return;
    memmove(file->bytes + at + wanted, file->bytes + at + length, behind);
    if (wanted > length)
        memset(file->bytes + at + length, 0, wanted - length);
    mfli_store(file->bytes + at + 8, 8, count);
    file->size = at + wanted + behind;
}

static inline void edit_state(edited *file, const edit *change)
{
    size_t length = 0, at = edit_find(file, change->section, &length);
    if (change->kind == EDIT_CUT && file->size > 0)
        file->size -= change->value % file->size;
    if (change->kind == EDIT_HEADER && file->size >= state_header)
        mfli_store(file->bytes + 8 + 4 * (change->element % 4), 4, change->value);
    if (!at)
        return;
    uint8_t *section = file->bytes + at;
    const size_t elements = (length - section_header) / 8;
    if (change->kind == EDIT_ELEMENT && elements > 0)
        mfli_store(section + section_header + 8 * (change->element % elements), 8, change->value);
    else if (change->kind == EDIT_LENGTH)
        edit_length(file, at, length, (size_t)change->value % longest_section);
    else if (change->kind == EDIT_COUNT)
        mfli_store(section + 8, 8, change->value);
    else if (change->kind == EDIT_NAME)
        mfli_store(section, 4, change->value);
    else if (change->kind == EDIT_TYPE)
        mfli_store(section + 4, 4, change->value);
}

/* Eight bytes of a file without sections, or where it ends. */
static inline void edit_other(edited *file, const edit *change)
{
    if (change->section % 2 && file->size >= 8)
        mfli_store(file->bytes + change->element % (file->size - 7), 8, change->value);
    else if (file->size > 0)
        file->size -= change->value % file->size;
}

#endif
