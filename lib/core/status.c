/* SPDX-License-Identifier: BSD-3-Clause */
#include <mflearn/status.h>

typedef struct status_entry {
    int32_t value;
    const char *name;
    const char *sentence;
} status_entry;

static const status_entry table[] = {
#define ENTRY(name, value, sentence) {value, #name, sentence},
    MFL_STATUS_TABLE(ENTRY)
#undef ENTRY
};

static const status_entry *find(int32_t status)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].value == status)
            return &table[i];
    return NULL;
}

const char *mfl_status_name(int32_t status)
{
    const status_entry *entry = find(status);
    return entry ? entry->name : "MFL_STATUS_UNKNOWN";
}

const char *mfl_status_message(int32_t status)
{
    const status_entry *entry = find(status);
    return entry ? entry->sentence : "not a status of this version of the library";
}

int32_t mfl_status_at(size_t index, int32_t *status)
{
    if (!status)
        return MFL_ERROR_NULL;
    if (index >= sizeof table / sizeof table[0])
        return MFL_ERROR_ARGUMENT;
    *status = table[index].value;
    return MFL_OK;
}
