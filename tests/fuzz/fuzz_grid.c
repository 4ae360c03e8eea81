/* SPDX-License-Identifier: BSD-3-Clause */
/* Grids of the program sweep. What is accepted has points with settings, and work that can be compared. */
#include "../../examples/sweep/grid.h"
#include "files.h"
#include "fuzz.h"
#include "program.h"

static void look(const sweep_grid *grid, int64_t point, mfl_context *context)
{
    char text[4096];
    ex_arguments at;
    sweep_point made;
    sweep_grid_point(grid, point, &at);
    ex_describe(&at, text, sizeof text);
    if (!(sweep_point_work(grid, point) >= 0.0))
        abort();
    if (ex_text(&at, "data")) /* any file of the machine */
        return;
    sweep_point_make(grid, point, context, &made);
    sweep_point_release(&made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static sweep_grid grid;
    char path[fuzz_path_size];
    mfl_context *context = program_begin();
    fuzz_path("grid", path);
    fuzz_write(path, data, size);
    if (setjmp(program_end) == 0) {
        sweep_grid_read(&grid, path);
        if (grid.points < 1)
            abort();
        look(&grid, 0, context);
        look(&grid, grid.points - 1, context);
        sweep_grid_release(&grid);
    }
    program_release();
    return 0;
}
