/* SPDX-License-Identifier: BSD-3-Clause */
/* The main function of a test program: int main(void) { return RUN_TESTS("name", test_one, test_two); }, or with what
 * goes before and after each test: RUN_TESTS_BETWEEN(setup, teardown, "name", test_one, test_two). Programs with
 * loops of a test, or several cases, put a suite together and return run_suite(suite). */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <check.h>
#include <stddef.h>

#define RUN_TESTS(name, ...) RUN_TESTS_BETWEEN(NULL, NULL, name, __VA_ARGS__)
#define RUN_TESTS_BETWEEN(setup, teardown, name, ...)                                                        \
    run_tests(name, setup, teardown, (const TTest *const[]){__VA_ARGS__},                                    \
              sizeof((const TTest *const[]){__VA_ARGS__}) / sizeof(const TTest *))

/* A case of the suite, of that name; setup and teardown may be NULL. */
static inline TCase *add_case(Suite *suite, const char *name, SFun setup, SFun teardown)
{
    TCase *cases = tcase_create(name);
    tcase_set_timeout(cases, 0); /* the build system's limit holds for the whole program */
    tcase_add_checked_fixture(cases, setup, teardown);
    suite_add_tcase(suite, cases);
    return cases;
}

/* What main returns: 1 if a test failed. */
static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

static inline int run_tests(const char *name, SFun setup, SFun teardown, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *cases = add_case(suite, name, setup, teardown);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(cases, tests[i]);
    return run_suite(suite);
}

#endif
