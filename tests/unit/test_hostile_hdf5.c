/* SPDX-License-Identifier: BSD-3-Clause */
/* HDF5 files that lie: made by the HDF5 library, some with bytes changed afterwards. A context of 16 MiB
 * reads them. */
#include <hdf5.h>
#include <math.h>
#include <sys/stat.h>

#include "../hostile.h"
#include "../run.h"
#include "../scratch.h"
#include "io/table.h"

static const size_t most = (size_t)16 << 20;
static hostile_memory memory;
static mfl_context *context;
static const char *path;
static hid_t file;

static void setup(void)
{
    scratch_make();
    context = hostile_context(&memory, most);
    hostile_limit(most + HOSTILE_REST);
    path = scratch_path("hostile.h5");
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}

static void teardown(void)
{
    mfl_context_destroy(context);
    ck_assert_uint_eq(memory.live, 0);
    scratch_remove();
    ck_assert_int_eq(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0); /* nothing is left open */
}

static void must(herr_t failed)
{
    ck_assert_int_ge(failed, 0);
}

static void put(const char *name, hid_t type, int rank, const hsize_t *extents, hid_t properties,
                const void *values)
{
    hid_t space = rank > 0 ? H5Screate_simple(rank, extents, NULL) : H5Screate(rank < 0 ? H5S_NULL : H5S_SCALAR);
    hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ck_assert(dataset >= 0);
    if (values)
        must(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
    H5Dclose(dataset);
    H5Sclose(space);
}

static hid_t chunks(int rank, const hsize_t *extents, unsigned level)
{
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    must(H5Pset_chunk(properties, rank, extents));
    if (level)
        must(H5Pset_deflate(properties, level));
    return properties;
}

/* Numbers that are there, for links to lead to. */
static void put_plain(const char *name)
{
    static const double values[6] = {1, 2, 3, 4, 5, 6};
    put(name, H5T_IEEE_F64LE, 2, (const hsize_t[2]){3, 2}, H5P_DEFAULT, values);
}

static void finish(void)
{
    must(H5Fclose(file));
}

/* The status, after which nothing is left in memory. */
static void expect(const char *name, int32_t status)
{
    mfli_table table;
    const int32_t found = mfli_hdf5_read(context, path, name, &table);
    ck_assert_msg(found == status, "%.40s: %s, \"%s\"", name, mfl_status_name(found), mfl_context_message(context));
    ck_assert(found != MFL_OK || (table.rows > 0 && table.columns > 0));
    if (found == MFL_OK)
        mfli_table_free(context, &table);
    else
        ck_assert(!table.values && mfl_context_message(context)[0]);
}

START_TEST(links_that_lead_nowhere)
{
    must(H5Lcreate_soft("/b", file, "a", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Lcreate_soft("/a", file, "b", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Lcreate_soft("/self/x", file, "self", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Lcreate_soft("/none", file, "lost", H5P_DEFAULT, H5P_DEFAULT));
    finish();
    expect("a", MFL_ERROR_ARGUMENT);
    expect("self", MFL_ERROR_ARGUMENT);
    expect("lost", MFL_ERROR_ARGUMENT);
    expect("/", MFL_ERROR_ARGUMENT);
    expect("", MFL_ERROR_ARGUMENT);
}
END_TEST

/* A group that is its own member makes every depth a good name. */
START_TEST(groups_within_themselves)
{
    static char deep[20002];
    hid_t group = H5Gcreate2(file, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    must(H5Lcreate_hard(file, "g", group, "g", H5P_DEFAULT, H5P_DEFAULT));
    put_plain("g/x");
    H5Gclose(group);
    finish();
    for (size_t i = 0; i + 2 < sizeof deep; i += 2)
        memcpy(deep + i, "g/", 2);
    deep[sizeof deep - 2] = 'x';
    expect("g/g/g/x", MFL_OK);
    expect(deep, MFL_OK);
    deep[sizeof deep - 2] = 'y';
    expect(deep, MFL_ERROR_ARGUMENT);
}
END_TEST

/* Other files are none of this one's business: they may be pipes, devices, or secrets. */
START_TEST(other_files_are_not_opened)
{
    const char *other = scratch_path("other.h5"), *pipe = scratch_path("pipe");
    hid_t there = H5Fcreate(other, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), here = file;
    file = there;
    put_plain("x");
    must(H5Lcreate_external(path, "back", there, "forth", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Fclose(there));
    file = here;
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    must(H5Lcreate_external(other, "x", file, "good", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Lcreate_external(other, "forth", file, "back", H5P_DEFAULT, H5P_DEFAULT));
    must(H5Lcreate_external(pipe, "x", file, "endless", H5P_DEFAULT, H5P_DEFAULT));
    hid_t outside = H5Pcreate(H5P_DATASET_CREATE);
    must(H5Pset_external(outside, "/etc/passwd", 0, 64));
    put("outside", H5T_STD_U8LE, 1, (const hsize_t[1]){64}, outside, NULL);
    hid_t space = H5Screate_simple(1, (const hsize_t[1]){3}, NULL), view = H5Pcreate(H5P_DATASET_CREATE);
    must(H5Pset_virtual(view, space, other, "x", space));
    put("view", H5T_IEEE_F64LE, 1, (const hsize_t[1]){3}, view, NULL);
    H5Sclose(space);
    H5Pclose(view);
    H5Pclose(outside);
    finish();
    expect("good", MFL_ERROR_ARGUMENT);
    expect("back", MFL_ERROR_ARGUMENT);
    expect("endless", MFL_ERROR_ARGUMENT);
    expect("outside", MFL_ERROR_FORMAT);
    expect("view", MFL_ERROR_FORMAT);
}
END_TEST

START_TEST(dimensions_beyond_all_memory)
{
    const hsize_t large[2] = {1ull << 40, 1ull << 30}, wide[2] = {1, 1ull << 62}, long_one = 1ull << 50;
    hid_t small_chunks = chunks(2, (const hsize_t[2]){1, 1000}, 9), one = chunks(1, (const hsize_t[1]){1}, 0);
    put("contiguous", H5T_IEEE_F64LE, 1, &long_one, H5P_DEFAULT, NULL);
    put("chunked", H5T_IEEE_F64LE, 2, large, small_chunks, NULL);
    put("wide", H5T_STD_U8LE, 2, wide, small_chunks, NULL);
    put("single", H5T_STD_U8LE, 1, &long_one, one, NULL);
    put("scalar", H5T_IEEE_F64LE, 0, NULL, H5P_DEFAULT, NULL);
    put("null", H5T_IEEE_F64LE, -1, NULL, H5P_DEFAULT, NULL);
    H5Pclose(small_chunks);
    H5Pclose(one);
    finish();
    static const char *const names[] = {"contiguous", "chunked", "wide", "single", "scalar", "null"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect(names[i], MFL_ERROR_FORMAT);
}
END_TEST

/* One chunk that is stored as these bytes, whatever it would have to be. */
static void put_chunk(const char *name, hid_t type, hsize_t extent, hsize_t chunk, const void *bytes, size_t size)
{
    const hsize_t limit = H5S_UNLIMITED, origin = 0;
    hid_t space = H5Screate_simple(1, &extent, &limit), properties = chunks(1, &chunk, 9);
    hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ck_assert(dataset >= 0);
    if (size)
        must(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &origin, size, bytes));
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
}

/* Chunks of up to 4 GB for four numbers, and one that grows a thousandfold: as much as there is memory for is
 * refused before HDF5 makes room for it. */
START_TEST(chunks_beyond_the_data)
{
    static const uint8_t none[40000];
    put_chunk("unwritten", H5T_IEEE_F64LE, 4, 3ull << 27, NULL, 0);
    put_chunk("giant", H5T_IEEE_F64LE, 4, 3ull << 27, none, 16);
    put_chunk("bytes", H5T_STD_U8LE, 4, 0xFFFFFFFF, none, 16);
    put_chunk("bomb", H5T_STD_U8LE, 40000000, 40000000, none, sizeof none);
    put_chunk("damaged", H5T_IEEE_F64LE, 4, 4, none, 16);
    finish();
    expect("unwritten", MFL_ERROR_FORMAT);
    expect("giant", MFL_ERROR_FORMAT);
    expect("bytes", MFL_ERROR_FORMAT);
    expect("bomb", MFL_ERROR_MEMORY);
    expect("damaged", MFL_ERROR_IO);
}
END_TEST

START_TEST(what_is_no_number)
{
    const hsize_t three = 3;
    hid_t text = H5Tcopy(H5T_C_S1), compound = H5Tcreate(H5T_COMPOUND, 16), opaque = H5Tcreate(H5T_OPAQUE, 8),
          list = H5Tvlen_create(H5T_IEEE_F64LE), array = H5Tarray_create2(H5T_IEEE_F64LE, 1, &three),
          choice = H5Tenum_create(H5T_STD_I8LE);
    must(H5Tset_size(text, H5T_VARIABLE));
    must(H5Tinsert(compound, "a", 0, H5T_IEEE_F64LE));
    must(H5Tenum_insert(choice, "no", &(int8_t){0}));
    const hid_t types[] = {text,   compound,        opaque,       list,          array,
                           choice, H5T_STD_REF_OBJ, H5T_STD_B8LE, H5T_UNIX_D32LE};
    enum { count = sizeof types / sizeof types[0] };
    for (int i = 0; i < count; i++)
        put((const char[2]){(char)('a' + i), 0}, types[i], 1, &three, H5P_DEFAULT, NULL);
    for (int i = 0; i < 6; i++)
        H5Tclose(types[i]);
    finish();
    for (int i = 0; i < count; i++)
        expect((const char[2]){(char)('a' + i), 0}, MFL_ERROR_FORMAT);
}
END_TEST

/* The bytes of the file; `size` of them. */
static uint8_t *load(size_t *size)
{
    static uint8_t bytes[1 << 16];
    FILE *stream = fopen(path, "rb");
    ck_assert_ptr_nonnull(stream);
    *size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    return bytes;
}

/* Replaces the first place that holds three numbers of eight bytes. */
static void change(uint8_t *bytes, size_t size, const uint64_t from[3], const uint64_t to[3])
{
    for (size_t at = 0; at + 24 <= size; at++)
        if (memcmp(bytes + at, from, 24) == 0) {
            memcpy(bytes + at, to, 24);
            return;
        }
    ck_abort_msg("the file holds its sizes in another way");
}

/* Sizes are changed in the header of a data set that is stored whole; HDF5 1.10 would read behind its buffer.
 * */
START_TEST(more_announced_than_stored)
{
    size_t size;
    put_plain("x");
    finish();
    uint8_t *bytes = load(&size);
    change(bytes, size, (const uint64_t[3]){3, 2, 3}, (const uint64_t[3]){1000, 2, 1000});
    scratch_write("hostile.h5", bytes, size);
    expect("x", MFL_ERROR_FORMAT);
}
END_TEST

START_TEST(files_without_an_end)
{
    size_t size;
    put_plain("x");
    finish();
    uint8_t *bytes = load(&size);
    for (size_t left = 0; left < size; left += size / 64) {
        scratch_write("hostile.h5", bytes, left);
        expect("x", left < 8 ? MFL_ERROR_FORMAT : MFL_ERROR_IO);
    }
}
END_TEST

int main(void)
{
    return RUN_TESTS_BETWEEN(setup, teardown, "hostile_hdf5", links_that_lead_nowhere, groups_within_themselves,
                             other_files_are_not_opened, dimensions_beyond_all_memory, chunks_beyond_the_data,
                             what_is_no_number, more_announced_than_stored,
                             files_without_an_end);
}
