# SPDX-License-Identifier: BSD-3-Clause
"""Read the traces of sample_posterior as ArviZ does, with xarray and netCDF4, and compare them with its NPY file.

traces.py PROGRAM    Ends with status 77 where the Debian packages python3-xarray and python3-netcdf4 are missing.
"""
import subprocess
import sys
import tempfile

try:
    import netCDF4
    import numpy
    import xarray
except ImportError as reason:
    print(f'skipped: {reason}; install python3-xarray and python3-netcdf4')
    sys.exit(77)

chains, draws, samples = 3, 50, 30
work = tempfile.TemporaryDirectory()
path, npy = work.name + '/traces.nc', work.name + '/traces.npy'
command = [sys.argv[1], '--dim', '6', '--width', '10', '--samples', str(samples), '--method', 'hmc', '--burn-in', '50',
           '--chains', str(chains), '--draws', str(draws), '--out', work.name, '--traces']
subprocess.run(command + [path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
subprocess.run(command + [npy, '--resume'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

with netCDF4.Dataset(path) as root:
    assert set(root.groups) == {'posterior', 'sample_stats', 'observed_data'}, root.groups
    assert root.inference_library == 'mflearn' and root.provenance.startswith('mflearn ')
    assert set(root['posterior'].dimensions) == {'chain', 'draw'}

groups = {name: xarray.open_dataset(path, group=name) for name in ('posterior', 'sample_stats', 'observed_data')}
for group in groups.values():
    assert group.attrs['inference_library'] == 'mflearn', group.attrs
    assert group.attrs['inference_library_version'][0].isdigit()
for name in ('posterior', 'sample_stats'):
    assert dict(groups[name].sizes) == {'chain': chains, 'draw': draws}, groups[name].sizes
    assert (groups[name].chain == numpy.arange(chains)).all() and (groups[name].draw == numpy.arange(draws)).all()
    for variable in groups[name].data_vars.values():
        assert variable.dims == ('chain', 'draw') and variable.dtype == 'f8' and numpy.isfinite(variable).all()
        assert variable.attrs['long_name']
assert groups['observed_data'].y.dims == ('sample',) and groups['observed_data'].sizes['sample'] == samples
assert (groups['sample_stats'].lp == -groups['posterior'].potential).all()

records = numpy.load(npy)
assert records.shape == (chains, draws) and records.dtype.names[0] == 'potential'
for name in records.dtype.names:
    group = groups['sample_stats' if name == 'acceptance_rate' else 'posterior']
    assert (group[name].values == records[name]).all(), name
# A ladder: the first rung is the posterior, all of them are in the group ladder and in the NPY file.
rungs, ladder = 4, ['--set', 'rungs=4,kappa_hot=0.5', '--checkpoint', work.name + '/ladder']
subprocess.run(command + [path] + ladder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
subprocess.run(command + [npy, '--resume'] + ladder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
posterior = xarray.open_dataset(path, group='posterior')
every = xarray.open_dataset(path, group='ladder')
assert dict(every.sizes) == {'rung': rungs, 'chain': chains, 'draw': draws}, every.sizes
assert every.kappa.dims == ('rung',) and (numpy.diff(every.kappa) > 0).all()
assert abs(every.kappa[0] - 0.1) < 1e-12 and abs(every.kappa[-1] - 0.5) < 1e-12
records = numpy.load(npy)
assert records.shape == (rungs, chains, draws)
assert (records['kappa'] == every.kappa.values[:, None, None]).all()
for name in posterior.data_vars:
    assert (posterior[name].values == every[name].values[0]).all(), name
for name in set(records.dtype.names) - {'kappa'}:
    assert every[name].dims == ('rung', 'chain', 'draw') and (every[name].values == records[name]).all(), name
print(f'{len(records.dtype.names)} traces of {chains} chains and {draws} draws')
