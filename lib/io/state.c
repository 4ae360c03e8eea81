/* SPDX-License-Identifier: BSD-3-Clause */
#include "io/state.h"

#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "io/crc32c.h"
#include "io/file.h"
#include "io/little_endian.h"

enum { header_size = 28, section_size = 16, crc_size = 4, container_version = 1, provenance_size = 1024 };

static const uint8_t magic[8] = {0x89, 'M', 'F', 'L', 0x0D, 0x0A, 0x1A, 0x0A};
static const uint32_t provenance_name = MFLI_STATE_NAME('P', 'R', 'O', 'V');

static size_t element_size(uint32_t type)
{
    return type == MFLI_SECTION_TEXT ? 1 : type == MFLI_SECTION_INT64 || type == MFLI_SECTION_DOUBLE ? 8 : 0;
}

/* Write, and include in the checksum. */
static int32_t put(mfli_writer *writer, uint32_t *crc, const void *data, size_t size)
{
    *crc = mfli_crc32c(*crc, data, size);
    return mfli_writer_write(writer, data, size);
}

static int32_t put_crc(mfli_writer *writer, uint32_t crc)
{
    uint8_t bytes[crc_size];
    mfli_store(bytes, crc_size, crc);
    return mfli_writer_write(writer, bytes, sizeof bytes);
}

static int32_t put_elements(mfli_writer *writer, uint32_t *crc, const mfli_section *section)
{
    if (section->type == MFLI_SECTION_TEXT)
        return put(writer, crc, section->data, (size_t)section->count);
    const uint8_t *data = section->data;
    int32_t status = MFL_OK;
    for (uint64_t i = 0; i < section->count && status == MFL_OK; i++) {
        uint64_t bits;
        uint8_t bytes[8];
        memcpy(&bits, data + 8 * i, sizeof bits);
        mfli_store(bytes, 8, bits);
        status = put(writer, crc, bytes, sizeof bytes);
    }
    return status;
}

static int32_t put_section(mfli_writer *writer, const mfli_section *section)
{
    uint8_t bytes[section_size];
    uint32_t crc = 0;
    mfli_store(bytes, 4, section->name);
    mfli_store(bytes + 4, 4, section->type);
    mfli_store(bytes + 8, 8, section->count);
    int32_t status = put(writer, &crc, bytes, sizeof bytes);
    if (status == MFL_OK)
        status = put_elements(writer, &crc, section);
    return status ? status : put_crc(writer, crc);
}

static int32_t put_header(mfli_writer *writer, uint32_t kind, uint32_t version, size_t sections)
{
    uint8_t bytes[header_size - crc_size];
    uint32_t crc = 0;
    memcpy(bytes, magic, sizeof magic);
    mfli_store(bytes + 8, 4, container_version);
    mfli_store(bytes + 12, 4, kind);
    mfli_store(bytes + 16, 4, version);
    mfli_store(bytes + 20, 4, sections);
    int32_t status = put(writer, &crc, bytes, sizeof bytes);
    return status ? status : put_crc(writer, crc);
}

int32_t mfli_state_write(mfl_context *context, const char *path, uint32_t kind, uint32_t version,
                         const mfli_section *sections, size_t count)
{
    char provenance[provenance_size];
    size_t used;
    mfli_writer writer;
    int32_t status = mfl_context_provenance(context, provenance, sizeof provenance, &used);
    if (status == MFL_OK)
        status = mfli_writer_open(context, path, &writer);
    if (status)
        return status;
    const mfli_section first = {provenance_name, MFLI_SECTION_TEXT, used - 1, provenance};
    status = put_header(&writer, kind, version, count + 1);
    if (status == MFL_OK)
        status = put_section(&writer, &first);
    for (size_t i = 0; i < count && status == MFL_OK; i++)
        status = put_section(&writer, &sections[i]);
    if (status == MFL_OK)
        return mfli_writer_commit(&writer);
    mfli_writer_abandon(&writer);
    return status;
}

static int32_t fail_damaged(const mfli_state *state, const char *how)
{
    return mfli_fail(state->context, MFL_ERROR_CHECKSUM, "\"%.300s\" %s; the file is damaged or incomplete",
                     state->path, how);
}

static int32_t check_header(mfli_state *state, const uint8_t *bytes, size_t size, uint32_t kind, uint32_t newest)
{
    if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return mfli_fail(state->context, MFL_ERROR_FORMAT, "\"%.300s\" is not a file of this library", state->path);
    if (size < header_size)
        return fail_damaged(state, "ends within its header");
    if (mfli_crc32c(0, bytes, header_size - crc_size) != mfli_load(bytes + header_size - crc_size, crc_size))
        return fail_damaged(state, "has a header that does not fit its checksum");
    uint32_t container = (uint32_t)mfli_load(bytes + 8, 4), found = (uint32_t)mfli_load(bytes + 12, 4);
    state->version = (uint32_t)mfli_load(bytes + 16, 4);
    state->count = (uint32_t)mfli_load(bytes + 20, 4);
    if (container == container_version && found != kind)
        return mfli_fail(state->context, MFL_ERROR_FORMAT,
                         "\"%.300s\" holds something else (kind %u; kind %u is needed)", state->path, found, kind);
    if (container != container_version || state->version > newest || state->version == 0
        || state->count > MFLI_STATE_MOST_SECTIONS)
        return mfli_fail(state->context, MFL_ERROR_UNSUPPORTED,
                         "\"%.300s\" has format version %u.%u with %u sections; this library reads up to %d.%u", state->path,
                         container, state->version, state->count, container_version, newest);
    return MFL_OK;
}

/* One section of the `left` bytes; *used receives its size in the file. */
static int32_t read_section(mfli_state *state, uint32_t index, const uint8_t *bytes, size_t left, size_t *used)
{
    if (left < section_size + crc_size)
        return fail_damaged(state, "ends within a section");
    uint32_t type = (uint32_t)mfli_load(bytes + 4, 4);
    uint64_t count = mfli_load(bytes + 8, 8);
    size_t width = element_size(type);
    if (width == 0)
        return fail_damaged(state, "has a section of an unknown type");
    if (count > (left - section_size - crc_size) / width)
        return fail_damaged(state, "has a section that is longer than the file");
    size_t size = section_size + (size_t)count * width;
    if (mfli_crc32c(0, bytes, size) != mfli_load(bytes + size, crc_size))
        return fail_damaged(state, "has a section that does not fit its checksum");
    state->sections[index].name = (uint32_t)mfli_load(bytes, 4);
    state->sections[index].type = type;
    state->sections[index].count = count;
    state->sections[index].data = bytes + section_size;
    *used = size + crc_size;
    return MFL_OK;
}

int32_t mfli_state_parse(mfl_context *context, const char *name, const uint8_t *bytes, size_t size, uint32_t kind,
                         uint32_t newest, mfli_state *state)
{
    *state = (mfli_state){.context = context, .path = name};
    int32_t status = check_header(state, bytes, size, kind, newest);
    size_t position = header_size, used = 0;
    for (uint32_t i = 0; status == MFL_OK && i < state->count; i++, position += used)
        status = read_section(state, i, bytes + position, size - position, &used);
    if (status == MFL_OK && position != size)
        status = fail_damaged(state, "goes on after its last section");
    return status;
}

int32_t mfli_state_open(mfl_context *context, const char *path, uint32_t kind, uint32_t newest, mfli_state *state)
{
    uint8_t *bytes;
    size_t size;
    int32_t status = mfli_file_read(context, path, MFLI_FILE_LIMIT, &bytes, &size);
    if (status)
        return status;
    status = mfli_state_parse(context, path, bytes, size, kind, newest, state);
    if (status)
        mfli_free(context, bytes);
    else
        state->bytes = bytes;
    return status;
}

void mfli_state_close(mfli_state *state)
{
    mfli_free(state->context, state->bytes);
    state->bytes = NULL;
    state->count = 0;
}

static int32_t find(const mfli_state *state, uint32_t name, uint32_t type, uint32_t *index)
{
    for (*index = 0; *index < state->count; ++*index)
        if (state->sections[*index].name == name && state->sections[*index].type == type)
            return MFL_OK;
    return mfli_fail(state->context, MFL_ERROR_FORMAT, "\"%.300s\" lacks the section \"%c%c%c%c\"", state->path,
                     (int)(name & 127), (int)(name >> 8 & 127), (int)(name >> 16 & 127), (int)(name >> 24 & 127));
}

int32_t mfli_state_count(const mfli_state *state, uint32_t name, uint32_t type, uint64_t *count)
{
    uint32_t index;
    int32_t status = find(state, name, type, &index);
    if (status == MFL_OK)
        *count = state->sections[index].count;
    return status;
}

/* Both element types are 64 bits wide and differ only in what memory takes them for. */
static int32_t get(const mfli_state *state, uint32_t name, uint32_t type, uint64_t count, void *out)
{
    uint32_t index;
    int32_t status = find(state, name, type, &index);
    if (status)
        return status;
    if (state->sections[index].count != count)
        return mfli_fail(state->context, MFL_ERROR_FORMAT,
                         "\"%.300s\" has a section of %llu numbers where %llu are needed", state->path,
                         (unsigned long long)state->sections[index].count, (unsigned long long)count);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t bits = mfli_load(state->sections[index].data + 8 * i, 8);
        memcpy((uint8_t *)out + 8 * i, &bits, sizeof bits);
    }
    return MFL_OK;
}

int32_t mfli_state_int64(const mfli_state *state, uint32_t name, uint64_t count, int64_t *out)
{
    return get(state, name, MFLI_SECTION_INT64, count, out);
}

int32_t mfli_state_double(const mfli_state *state, uint32_t name, uint64_t count, double *out)
{
    return get(state, name, MFLI_SECTION_DOUBLE, count, out);
}

int32_t mfli_state_text(const mfli_state *state, uint32_t name, const char **text, uint64_t *length)
{
    uint32_t index;
    int32_t status = find(state, name, MFLI_SECTION_TEXT, &index);
    if (status == MFL_OK) {
        *text = (const char *)state->sections[index].data;
        *length = state->sections[index].count;
    }
    return status;
}
