# SPDX-License-Identifier: BSD-3-Clause
"""What the library's object files may refer to: the habits of a well-behaved guest, read off their symbols.

objects.py ARCHIVE
The library has no writable global data, allocates through the context's table only, and never prints, exits, aborts,
reads the environment or touches the host's BLAS and OpenMP settings.
"""
import os
import re
import subprocess
import sys

ALLOCATION = {'malloc', 'calloc', 'realloc', 'free', 'aligned_alloc', 'posix_memalign', 'strdup', 'strndup',
              'asprintf', 'vasprintf', 'getline', 'getdelim', 'open_memstream'}
FORBIDDEN = {'abort', 'exit', '_exit', '_Exit', 'quick_exit', '__assert_fail', 'getenv', 'secure_getenv', 'setenv',
             'putenv', 'unsetenv', 'printf', '__printf_chk', 'vprintf', '__vprintf_chk', 'puts', 'putchar', 'perror',
             'stdout', 'stderr', 'stdin', 'rand', 'srand', 'random', 'srandom', 'drand48', 'signal', 'sigaction',
             'setlocale', 'system', 'strtok', 'openblas_set_num_threads', 'omp_set_num_threads'}
# malloc and free appear once: as the table of a context that was given no other.
MAY_ALLOCATE = {'malloc': 'core_context.c.o', 'free': 'core_context.c.o'}


def undefined_symbols(archive):
    for row in subprocess.run(['nm', '-A', '-u', archive], capture_output=True, text=True, check=True).stdout.split('\n'):
        if row:
            place, name = row.split(' U ')[0:2] if ' U ' in row else (row.split()[0], row.split()[-1])
            yield os.path.basename(place.strip().rstrip(':').split(':')[-1]), name.strip()


def writable_data(archive):
    """Objects in .data, .bss and their kin; what only the loader writes (.data.rel.ro) and thread-locals are apart."""
    member = ''
    for row in subprocess.run(['objdump', '-t', archive], capture_output=True, text=True, check=True).stdout.split('\n'):
        if 'file format' in row:
            member = os.path.basename(row.split(':')[0])
        match = re.search(r' O (\.(?:data|bss)\S*|\*COM\*)\s+([0-9a-f]+)\s+(?:\.hidden )?(\S+)$', row)
        if match and not match[1].startswith('.data.rel.ro') and int(match[2], 16) > 0:
            yield member, match[3], match[1]


def main():
    archive = sys.argv[1]
    problems, members = [], set()
    for member, name in undefined_symbols(archive):
        members.add(member)
        if name in FORBIDDEN:
            problems.append(f'{member} uses {name}')
        if name in ALLOCATION and MAY_ALLOCATE.get(name) != member:
            problems.append(f'{member} uses {name} instead of the context\'s allocator')
    problems += [f'{member}: {name} is writable global data ({section})'
                 for member, name, section in writable_data(archive)]
    print('\n'.join(problems) or f'{len(members)} object files keep the rules')
    return 1 if problems or not members else 0


if __name__ == '__main__':
    sys.exit(main())
