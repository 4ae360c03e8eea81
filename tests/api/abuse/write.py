# SPDX-License-Identifier: BSD-3-Clause
"""Write the table of abuse.h from the public headers: every function, its parameters, and a valid call of it.

write.py --compiler CC --include DIR... --output FILE

What a valid call is stands here: by function and parameter where it needs to be, else by name, else by type. A new
function that none of it serves makes the test fail, by a valid call that does not succeed.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / 'scripts'))
import declarations  # noqa: E402

BY_NAME = {
    'dimension': '2', 'columns': '2', 'width': '4', 'stride': '2', 'row_stride': '2', 'column_stride': '1',
    'count': '3', 'rows': '3', 'row_count': '3', 'column_count': '3', 'capacity': '64', 'kernel_stride': '3',
    'covariance_stride': '3', 'weight_stride': '5', 'chain': '0', 'chains': '2', 'draws': '6', 'steps': '3',
    'samples': '4', 'degree': '2', 'variables': '2', 'terms': '1', 'degrees': '2', 'index': '0', 'major':
    'MFL_VERSION_MAJOR', 'minor': 'MFL_VERSION_MINOR', 'kappa': '0.5', 'label_noise': '0.1', 'seconds': '1.0',
    'rate': '0.1', 'role': 'MFL_ROLE_TRAIN', 'folds': '2', 'target': 'NULL', 'train_count': '3',
    'sample_count': '2', 'kappa_count': '2',
}
BY_FUNCTION = {
    'mfl_context_create_with_allocator': {'user_data': '&abuse_allocator'},
    'mfl_context_provenance': {'capacity': '4096'},
    'mfl_dataset_copy_inputs': {'capacity': '16'},
    'mfl_dataset_name': {'column': '0'},
    'mfl_dataset_read_csv': {'path': '"abuse.csv"', 'target': '"y"', 'header': 'MFL_CSV_HEADER_AUTO'},
    'mfl_dataset_read_npy': {'path': '"abuse.npy"', 'target_path': 'NULL', 'target_column': '-1'},
    'mfl_dataset_read_hdf5': {'path': 'ABUSE_HDF5_FILE', 'inputs': '"/x"', 'targets': '"/y"'},
    'mfl_dataset_standardise': {'targets': '1'},
    'mfl_dataset_standardise_like': {'reference': 'dataset_standardised'},
    'mfl_dataset_standardisation': {'dataset': 'dataset_standardised'},
    'mfl_dataset_take': {'rows': 'abuse_integers'},
    'mfl_diagnose': {'stride': '6', 'count': '1'},
    'mfl_diagnose_quantiles': {'stride': '6'},
    'mfl_diagram_create': {'theory': 'theory_not_solved'},
    'mfl_diagram_get': {'key': 'MFL_THEORY_M', 'kappa': '0'},
    'mfl_diagram_get_mode': {'key': 'MFL_THEORY_M', 'kappa': '0'},
    'mfl_diagram_point': {'kappa': '0'},
    'mfl_model_set_activation': {'model': 'model_without_activation'},
    'mfl_network_load': {'path': '"abuse.network"'},
    'mfl_network_save': {'path': '"new.network"'},
    'mfl_network_set_activation': {'network': 'network_without_activation'},
    'mfl_options_bounds_double': {'options': 'options_of_model', 'key': 'MFL_MODEL_GAMMA'},
    'mfl_options_get_double': {'options': 'options_of_model', 'key': 'MFL_MODEL_GAMMA'},
    'mfl_options_set_double': {'options': 'options_of_model', 'key': 'MFL_MODEL_GAMMA', 'value': '0.5'},
    'mfl_options_set_int': {'value': '1'},
    'mfl_options_set_text': {'name': '"seed"', 'text': '"8"'},
    'mfl_options_find': {'name': '"seed"'},
    'mfl_options_write': {'capacity': '4096'},
    'mfl_path_create': {'theory': 'theory_not_solved'},
    'mfl_path_follow': {'path': 'path_not_followed', 'parameter': 'MFL_PATH_KAPPA', 'from': '1.0', 'to': '0.4',
                        'samples': '5.0', 'kappa': '0.0'},
    'mfl_path_critical': {'criterion': 'MFL_PATH_FOLD'},
    'mfl_path_get': {'key': 'MFL_THEORY_M'},
    'mfl_path_get_mode': {'key': 'MFL_THEORY_M'},
    'mfl_path_fold_get': {'key': 'MFL_THEORY_M'},
    'mfl_ridge_cross_validate': {'fold': 'abuse_integers', 'folds': '2'},
    'mfl_ridge_fit_matrix': {'ridge': 'ridge_of_matrix', 'kernel': 'abuse_identity', 'stride': '5'},
    'mfl_ridge_kernel': {'column_stride': '2'},
    'mfl_ridge_get': {'key': 'MFL_RIDGE_KAPPA'},
    'mfl_ridge_optimise': {'vary': 'MFL_RIDGE_VARY_KAPPA'},
    'mfl_ridge_path': {'count': '2'},
    'mfl_ridge_predict_matrix': {'ridge': 'ridge_of_matrix', 'stride': '5'},
    'mfl_ridge_set_precisions': {'count': '2'},
    'mfl_ridge_solve': {'stride': '5', 'count': '1'},
    'mfl_sampler_diagnose': {'count': '1', 'kind': 'MFL_TRACE_POTENTIAL'},
    'mfl_sampler_diagnose_rung': {'count': '1', 'kind': 'MFL_TRACE_POTENTIAL', 'rung': '0'},
    'mfl_sampler_get': {'key': 'MFL_SAMPLER_TEST_ERROR'},
    'mfl_sampler_get_rung': {'key': 'MFL_SAMPLER_KAPPA', 'rung': '0'},
    'mfl_sampler_load': {'sampler': 'sampler_not_run', 'path': '"abuse.sampler"'},
    'mfl_sampler_run': {'sampler': 'sampler_not_run'},
    'mfl_sampler_save': {'path': '"new.sampler"'},
    'mfl_sampler_set_network': {'sampler': 'sampler'},
    'mfl_sampler_set_start': {'sampler': 'sampler_not_run'},
    'mfl_sampler_set_task': {'sampler': 'sampler_not_run'},
    'mfl_sampler_set_test': {'sampler': 'sampler_not_run'},
    'mfl_sampler_add_observable': {'sampler': 'sampler_not_run'},
    'mfl_sampler_trace': {'kind': 'MFL_TRACE_POTENTIAL'},
    'mfl_sampler_weight_histogram': {'capacity': '2 * MFL_WEIGHT_BINS'},
    'mfl_sampler_write_traces': {'path': '"new.npy"'},
    'mfl_spectrum_create': {'rest': '0.1'},
    'mfl_spectrum_degrees': {'capacity': '1024'},
    'mfl_spectrum_learn': {'power': 'NULL', 'samples': '3.0', 'ridge': '0.1', 'noise': '0.1', 'capacity': '1024'},
    'mfl_spectrum_of_kernel': {'law': 'MFL_SPECTRUM_SPHERE', 'degrees': '3'},
    'mfl_spectrum_of_task': {'task': 'task_of_hermite', 'degrees': '4'},
    'mfl_spectrum_read': {'capacity': '1024'},
    'mfl_status_message': {'status': 'MFL_ERROR_MEMORY'},
    'mfl_status_name': {'status': 'MFL_ERROR_MEMORY'},
    'mfl_task_create_sum': {'degrees': 'abuse_ones', 'coefficients': 'abuse_numbers'},
    'mfl_task_set_covariance': {'task': 'task_of_hermite', 'covariance': 'abuse_covariance'},
    'mfl_task_set_direction': {'task': 'task_of_hermite', 'count': '2'},
    'mfl_task_set_directions': {'task': 'task_of_sum', 'directions': 'abuse_covariance', 'count': '2'},
    'mfl_task_set_support': {'count': '2'},
    'mfl_theory_get': {'key': 'MFL_THEORY_M'},
    'mfl_theory_get_mode': {'key': 'MFL_THEORY_M'},
    'mfl_theory_get_variable': {'key': 'MFL_THEORY_WEIGHT_ON'},
    'mfl_theory_finite': {'draws': '240'},
    'mfl_theory_finite_modes': {'draws': '240', 'count': '1'},
    'mfl_theory_mode': {'capacity': '2'},
    'mfl_theory_marginal': {'kind': 'MFL_THEORY_MARGINAL_ON'},
    'mfl_theory_predict': {'theory': 'theory_of_data'},
    'mfl_theory_relevances': {'theory': 'theory_of_data'},
    'mfl_theory_resume': {'theory': 'theory_of_data_not_solved', 'path': '"abuse.theory"'},
    'mfl_theory_select_inputs': {'theory': 'theory_of_data'},
    'mfl_theory_set_checkpoint': {'theory': 'theory_of_data_not_solved', 'path': '"new.theory"'},
    'mfl_theory_test': {'theory': 'theory_of_data'},
    'mfl_theory_use': {'preset': 'MFL_THEORY_MF_ARD'},
    'mfl_version_feature': {'name': '"hdf5"'},
}
# Sizes and strides of arrays: with a huge one the caller promises memory that no test has. Steps and draws are work
# that is done as long as it takes.
OF_ARRAY = {'count', 'rows', 'columns', 'row_count', 'column_count', 'stride', 'row_stride', 'column_stride', 'chains',
            'draws', 'kernel_stride', 'covariance_stride', 'weight_stride', 'samples', 'dimension', 'variables',
            'terms', 'steps', 'sample_count', 'kappa_count', 'capacity'}
KINDS = {'double': 'DOUBLE', 'int32_t': 'INT32', 'int64_t': 'INT64', 'size_t': 'SIZE'}
ARRAYS = {'double': ('DOUBLES', 'abuse_numbers'), 'int64_t': ('INT64S', 'abuse_integers'),
          'int32_t': ('INT32S', 'abuse_keys')}


def parameter(function, name, kind, found):
    """(kind, type of handle, member of the valid argument, its value)"""
    special = BY_FUNCTION.get(function.name, {}).get(name)
    if kind.base in found.callbacks:
        return 'FUNCTION', None, 'function', f'(void (*)(void))valid_{kind.base}'
    handle = kind.base in found.handles
    short = kind.base.removeprefix('mfl_')
    if handle and kind.pointers == 1:
        return 'HANDLE', short, 'integer', f'ABUSE_{special or short}'
    if handle and kind.base != 'mfl_options':
        return 'MADE', short, 'pointer', 'NULL'
    if kind.base == 'void':
        return 'USER_DATA', None, 'pointer', special or 'NULL'
    if kind.pointers == 1 and kind.const and kind.base == 'char':
        text = special or BY_NAME.get(name, '"x"')
        return ('PATH' if 'path' in name else 'TEXT'), None, 'pointer', text if text == 'NULL' else f'(void *){text}'
    if kind.pointers == 1 and kind.const:
        group, array = ARRAYS[kind.base]
        return group, None, 'pointer', special or array
    if kind.pointers:
        return 'OUT', None, 'pointer', 'NULL'
    default = 'MFL_CONTEXT_SEED' if name == 'key' else '0'
    return KINDS[kind.base], None, 'number' if kind.base == 'double' else 'integer', special or BY_NAME.get(name, default)


def passed(position, kind, found):
    if kind.base in found.callbacks:
        return f'({kind.base})a[{position}].function'
    if kind.pointers:
        return f'a[{position}].pointer'
    return f'a[{position}].number' if kind.base == 'double' else f'({kind.base})a[{position}].integer'


def wrapper(function, found):
    call = f'{function.name}({", ".join(passed(i, kind, found) for i, (_, kind) in enumerate(function.parameters))})'
    if function.result.base == 'void':
        body = f'{call};\n    return MFL_OK;'
    elif function.result.pointers:
        body = f'return {call} ? MFL_OK : MFL_ERROR_NULL;'
    else:
        body = f'return {call};'
    unused = '' if function.parameters else '    (void)a;\n'
    return (f'static int32_t call_{function.name}(const abuse_argument *a)\n{{\n{unused}    {body}\n}}\n')


def row(function, found):
    has_array = any(kind.pointers == 1 and kind.base in ARRAYS for _, kind in function.parameters)
    lines = []
    for name, kind in function.parameters:
        group, handle, member, valid = parameter(function, name, kind, found)
        of_array = int((has_array or name == 'steps') and name in OF_ARRAY and group in ('INT64', 'SIZE'))
        text = f'"{handle}"' if handle else 'NULL'
        destroy = f'destroy_{handle}' if group == 'MADE' else 'NULL'
        lines.append(f'        {{"{name}", ABUSE_KIND_{group}, {text}, {{.{member} = {valid}}}, {of_array}, {destroy}}},')
    has_status = int(function.result.base == 'int32_t')
    inner = '\n'.join(lines) or '        {NULL, 0, NULL, {NULL}, 0, NULL},'
    return (f'    {{"{function.name}", call_{function.name}, {has_status}, {len(function.parameters)}, {{\n{inner}\n'
            '    }},')


def source(found):
    made = sorted({kind.base.removeprefix('mfl_') for function in found.functions.values()
                   for _, kind in function.parameters
                   if kind.base in found.handles and kind.pointers == 2 and kind.base != 'mfl_options'})
    for function in BY_FUNCTION:
        names = {name for name, _ in found.functions[function].parameters}
        unknown = set(BY_FUNCTION[function]) - names
        if unknown:
            raise SystemExit(f'{function} has no parameter {unknown}')
    return '\n'.join([
        '/* Generated by write.py. */', '#include "abuse.h"', '',
        'static int64_t abuse_ones[] = {1, 1};',
        'static double abuse_covariance[] = {1.0, 0.0, 0.0, 1.0};',
        'static double abuse_identity[25] = {[0] = 1.0, [6] = 1.0, [12] = 1.0, [18] = 1.0, [24] = 1.0};', '',
        *(f'static void destroy_{name}(void *handle)\n{{\n    mfl_{name}_destroy(handle);\n}}\n' for name in made),
        *(wrapper(function, found) for function in found.functions.values()),
        'const abuse_function abuse_functions[] = {',
        *(row(function, found) for function in found.functions.values()),
        '    {NULL, NULL, 0, 0, {{NULL, 0, NULL, {NULL}, 0, NULL}}},', '};', ''])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--compiler', default='cc')
    parser.add_argument('--include', nargs='+', required=True)
    parser.add_argument('--output', type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.output.write_text(source(declarations.read(arguments.include, arguments.compiler)))


main()
