/* SPDX-License-Identifier: BSD-3-Clause */
#include "help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mflearn/version.h>

static const char *const programs[] = {"feature_selection", "kernel_ridge",     "kernel_theory",
                                       "learning_curve",    "phase_diagram",    "sample_posterior",
                                       "self_consistent",   "statements",       "sweep"};
static const ex_option common[] = {
    {"help", NULL, NULL, "print this and leave"},
    {"man", NULL, NULL, "print this as a manual page and leave"},
};
static const char about_lists[] = "Lists are a,b,c or a:b:n (n values from a to b, geometrically spaced).";
static const char about_status[] =
    "0 after success, 1 after a failure, 2 where the command line is wrong, 130 when interrupted.";

enum { COMMON = sizeof common / sizeof common[0] };

/* ---- a terminal ---- */

static void print_option(const char *dashes, const ex_option *option, int width)
{
    char left[64];
    snprintf(left, sizeof left, "%s%s %s", dashes, option->name, *dashes && option->value ? option->value : "");
    printf("  %-*s %s", width, left, option->help);
    if (option->standard && option->value)
        printf(" [%s]", option->standard);
    putchar('\n');
}

void ex_print_help(const ex_arguments *arguments, const char *name)
{
    printf("Usage: %s [--option value ...]\n\n%s\n\nOptions:\n", name, arguments->summary);
    for (size_t i = 0; i < arguments->count; i++)
        print_option("--", &arguments->options[i], 28);
    for (size_t i = 0; i < COMMON; i++)
        print_option("--", &common[i], 28);
    printf("\n%s\nExit status: %s\n", about_lists, about_status);
    if (arguments->settings)
        printf("\n%s:\n", arguments->settings_title);
    for (size_t i = 0; i < arguments->settings_count; i++)
        print_option("", &arguments->settings[i], 12);
}

/* ---- a manual page ---- */

/* Characters that roff would take for its own, or set as typography, are spelled. */
static void roff(const char *text, size_t length)
{
    static const char *const spelled[128] = {['\\'] = "\\e", ['-'] = "\\-", ['^'] = "\\(ha", ['~'] = "\\(ti",
                                             ['`'] = "\\(ga", ['\''] = "\\(aq", ['\n'] = " "};
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 128 && spelled[c])
            fputs(spelled[c], stdout);
        else
            putchar(c);
    }
}

/* A line of text: a dot at its beginning would make it a request. */
static void roff_line(const char *text)
{
    fputs("\\&", stdout);
    roff(text, strlen(text));
    putchar('\n');
}

static void roff_name(const char *program)
{
    printf("mflearn\\-");
    for (; *program; program++)
        fputs(*program == '_' ? "\\-" : (char[]){*program, '\0'}, stdout);
}

static void roff_option(const char *dashes, const ex_option *option)
{
    printf(".TP\n\\fB");
    roff(dashes, strlen(dashes));
    roff(option->name, strlen(option->name));
    printf("\\fR");
    if (*dashes && option->value) {
        printf(" \\fI");
        roff(option->value, strlen(option->value));
        printf("\\fR");
    }
    putchar('\n');
    roff_line(option->help);
    if (option->standard && option->value) {
        printf("[");
        roff(option->standard, strlen(option->standard));
        printf("]\n");
    }
}

void ex_print_manual(const ex_arguments *arguments)
{
    printf(".TH ");
    roff_name(arguments->program);
    printf(" 1 \"\" \"mflearn %s\" \"mflearn\"\n.SH NAME\n", MFL_VERSION_STRING);
    roff_name(arguments->program);
    printf(" \\- %c", tolower((unsigned char)*arguments->summary));
    roff(arguments->summary + 1, strcspn(arguments->summary, ":.") - 1);
    printf("\n.SH SYNOPSIS\n\\fB");
    roff_name(arguments->program);
    printf("\\fR [\\fB\\-\\-\\fIoption value\\fR ...]\n.SH DESCRIPTION\n");
    roff_line(arguments->summary);
    printf(".PP\n");
    roff_line(about_lists);
    printf(".SH OPTIONS\n");
    for (size_t i = 0; i < arguments->count; i++)
        roff_option("--", &arguments->options[i]);
    for (size_t i = 0; i < COMMON; i++)
        roff_option("--", &common[i]);
    if (arguments->settings) {
        printf(".SH SETTINGS\n");
        roff_line(arguments->settings_title);
    }
    for (size_t i = 0; i < arguments->settings_count; i++)
        roff_option("", &arguments->settings[i]);
    printf(".SH \"EXIT STATUS\"\n");
    roff_line(about_status);
    printf(".SH \"SEE ALSO\"\n");
    const char *between = "";
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (strcmp(programs[i], arguments->program) == 0)
            continue;
        printf("%s\\fB", between);
        roff_name(programs[i]);
        printf("\\fR(1)");
        between = ",\n";
    }
    putchar('\n');
}
