/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements about feature learning in the mean-field model, each as an experiment that ends in sentences of
 * what was found, with its numbers as CSV and a picture:
 *
 *     statements --about posterior    the plain mean field beside sampled networks: it finds the onset and
 * underestimates what follows; relevance determination sharpens it statements --about onset        the same
 * among theories of the population statements --about dimension    how the critical noise depends on d:
 * exponents beside -1/2 and 0 statements --about degree       how it depends on k: exponents beside -1/2
 *     statements --about prior        how it depends on alpha0, beta0, n and the damping
 *     statements --about gamma        how it depends on the scaling exponent
 *     statements --about noise        where less noise stops helping
 *
 * The sentences follow from the numbers in the CSV file alone. A call with the same options goes on with what
 * the one before has left in --out. */
#include <math.h>
#include <string.h>

#include <mflearn/mflearn.h>

#include "common/arguments.h"
#include "common/library.h"
#include "common/measure.h"
#include "common/theory.h"
#include "statements/statement.h"

static const ex_option options[] = {
    {"about", "LIST", "all", "all, or of posterior, onset, dimension, degree, prior, gamma, noise"},
    {"quick", NULL, NULL, "smaller and coarser, in seconds"},
    {"samples", "P", NULL, "number of training samples; default 400, for noise 200"},
    {"kappa", "K", "0.1", "noise, where it does not move"},
    {"dim", "D", NULL, "input dimension, where it does not move"},
    {"degree", "K", "2", "degree of the parity, where it does not move"},
    {"width", "N", NULL, "width of the network"},
    {"dims", "LIST", NULL, "dimensions to compare"},
    {"degrees", "LIST", NULL, "degrees to compare; even"},
    {"theories", "LIST", NULL, "for the critical noise: of mf, mf_ard (n = 1), mf_ard_layer (n = N)"},
    {"whole", "LIST", NULL, "degrees whose whole rise is followed; 0: none"},
    {"gammas", "LIST", NULL, "scaling exponents to compare"},
    {"sizes", "LIST", NULL, "training sets of the sampled networks"},
    {"solve-most", "P", "400", "largest training set whose theories are solved"},
    {"seeds", "COUNT", NULL, "data sets of each size"},
    {"step", "S", NULL, "most change of a logarithm from point to point"},
    EX_SINGLE_TASK_OPTION,
    EX_THEORY_OPTIONS(NULL),
    EX_CHAIN_OPTIONS,
    {"start", "NAME", "prior", "prior or planted: where chains begin"},
    {"out", "DIR", "statements", "directory for the CSV files and the pictures"},
};

/* A value of an option that was not given: full, and quick. */
typedef struct preset {
    const char *option, *full, *quick;
} preset;

typedef struct statement {
    const char *name;
    void (*measure)(st_book *, const st_setting *);
    void (*tell)(st_book *, const st_setting *);
    preset presets[8];
} statement;

static const preset common[] = {
    {"samples", "400", "200"},
    {"step", "0.25", "0.5"},
    {"tolerance", "1e-4", "1e-2"},
    {"dims", "10:400:7", "40,80,160"},
    {"degrees", "2,4,6,8", "2,4"},
    {"whole", "2,4", "0"},
    {"theories", "mf,mf_ard,mf_ard_layer", "mf,mf_ard,mf_ard_layer"},
    {"gammas", "0.5,0.6,0.7,0.8,0.9,1", "0.5,1"},
    {"sizes", "50,75,100,150,200,400,800", "30,120"},
    {"seeds", "3", "1"},
};

static const statement statements[] = {
    {"posterior", st_measure_posterior, st_tell_posterior, {{"dim", "20", "12"}, {"width", "128", "32"}}},
    {"onset", st_measure_onset, st_tell_onset, {{"dim", "20", "12"}, {"width", "128", "32"}}},
    {"dimension", st_measure_dimension, st_tell_dimension, {{"width", "64", "32"}}},
    {"degree",
     st_measure_degree,
     st_tell_degree,
     {{"dim", "100", "40"}, {"width", "512", "64"}, {"theories", "mf,mf_ard", "mf,mf_ard"}}},
    {"prior", st_measure_prior, st_tell_prior, {{"dim", "40", "40"}, {"width", "64", "64"}}},
    {"gamma", st_measure_gamma, st_tell_gamma, {{"dim", "40", "40"}, {"width", "64", "64"}}},
    {"noise",
     st_measure_noise,
     st_tell_noise,
     {{"samples", "200", "200"}, {"dim", "20", "12"}, {"width", "128", "32"}}},
};
enum { statement_count = sizeof statements / sizeof statements[0] };

static void apply(ex_arguments *arguments, const preset *presets, size_t count, int32_t quick)
{
    for (size_t i = 0; i < count && presets[i].option; i++)
        if (!ex_given(arguments, presets[i].option))
            ex_replace(arguments, presets[i].option, quick ? presets[i].quick : presets[i].full);
}

static void run(mfl_context *context, const ex_arguments *given, const statement *which)
{
    st_book book;
    char description[2048];
    ex_arguments arguments = *given;
    const st_setting at = {context, &arguments};
    const int32_t quick = ex_given(given, "quick");
    apply(&arguments, common, sizeof common / sizeof common[0], quick);
    apply(&arguments, which->presets, sizeof which->presets / sizeof which->presets[0], quick);
    ex_replace(&arguments, "about", which->name);
    ex_replace(&arguments, "out", NULL); /* where numbers are is none of their options */
    ex_describe(&arguments, description, sizeof description);
    printf("%s\n", which->name);
    st_open(&book, ex_text(given, "out"), which->name, description);
    which->measure(&book, &at);
    st_finish(&book);
    which->tell(&book, &at);
    st_picture(&book);
    printf("  %s\n", book.found);
    st_release(&book);
}

int main(int argc, char **argv)
{
    static const char names[] = "posterior|onset|dimension|degree|prior|gamma|noise|all";
    int32_t about[EX_MAX_LIST];
    ex_arguments arguments = {.program = "statements",
                              .summary =
                                  "Statements about feature learning, tested in the mean-field theories.",
                              .options = options,
                              .count = sizeof options / sizeof options[0]};
    ex_parse(&arguments, argc, argv);
    const size_t count = ex_choices(&arguments, "about", names, about);
    mfl_context *context = ex_start();
    ex_catch_interrupts();
    for (size_t i = 0; i < count; i++)
        for (int32_t s = 0; s < statement_count; s++)
            if (about[i] == s || about[i] == statement_count)
                run(context, &arguments, &statements[s]);
    mfl_context_destroy(context);
    return 0;
}
