# SPDX-License-Identifier: BSD-3-Clause
"""Where the package finds the library, and what it says when it finds none, or one that does not serve it."""
import os
import pathlib
import shutil
import subprocess
import sys

import mflearn
import pytest
from mflearn import _declarations

PACKAGE = pathlib.Path(mflearn.__file__).parent
NAME = f'libmflearn.so.{_declarations.SOVERSION}'
INSTALLED = subprocess.run([sys.executable, '-c', f'import ctypes; ctypes.CDLL({NAME!r})'], capture_output=True,
                           env={'PATH': os.environ['PATH']}).returncode == 0


def started(package=PACKAGE.parent, **environment):
    """What a new interpreter says that imports the package with no variables but these."""
    return subprocess.run([sys.executable, '-c', 'import mflearn; print(mflearn.library.path)'], capture_output=True,
                          text=True, env={'PATH': os.environ['PATH'], 'PYTHONPATH': str(package), **environment})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'lib').mkdir()
    (tmp_path / 'lib' / NAME).symlink_to(pathlib.Path(mflearn.library.path).resolve())
    return tmp_path / 'lib'


def test_named_by_a_variable(folder):
    assert started(MFLEARN_LIBRARY=str(folder / NAME)).stdout == f'{folder / NAME}\n'


def test_beside_the_modules(tmp_path, folder):
    copy = shutil.copytree(PACKAGE, tmp_path / 'mflearn')
    shutil.copy(folder / NAME, copy)
    assert started(tmp_path).stdout == f'{copy / NAME}\n'


def test_by_the_loader(folder):
    assert started(LD_LIBRARY_PATH=str(folder)).stdout == f'{NAME}\n'


@pytest.mark.skipif(INSTALLED or not shutil.which('pkg-config'), reason='the loader knows one, or no pkg-config')
def test_by_pkg_config(folder):
    (folder / 'mflearn.pc').write_text(f'libdir={folder}\nName: mflearn\nDescription: test\nVersion: 0\n')
    assert started(PKG_CONFIG_PATH=str(folder)).stdout == f'{folder / NAME}\n'


@pytest.mark.skipif(INSTALLED, reason='the loader knows one')
def test_nowhere():
    ended = started(PKG_CONFIG_LIBDIR='/nowhere')
    assert ended.returncode == 1 and 'MFLEARN_LIBRARY' in ended.stderr and NAME in ended.stderr


def test_a_name_that_is_wrong_is_not_passed_over():
    ended = started(MFLEARN_LIBRARY='/nowhere/libmflearn.so')
    assert ended.returncode == 1 and '/nowhere/libmflearn.so' in ended.stderr


def test_a_library_of_another_version(tmp_path, folder):
    copy = shutil.copytree(PACKAGE, tmp_path / 'mflearn')
    table = copy / '_declarations.py'
    table.write_text(table.read_text().replace(f'VERSION = {_declarations.VERSION}', 'VERSION = (7, 1, 0)', 1))
    ended = started(tmp_path, MFLEARN_LIBRARY=str(folder / NAME))
    assert ended.returncode == 1 and f'is version {mflearn.__version__}' in ended.stderr and '7.1.0' in ended.stderr
