# SPDX-License-Identifier: BSD-3-Clause
"""Compare the diagnostics of sample_posterior with those that R's package posterior finds for the same traces.

posterior.py PROGRAM    Ends with status 77 where python3-numpy, Rscript or the package (r-cran-posterior) is missing.
"""
import csv
import subprocess
import sys
import tempfile

script = r'''
suppressPackageStartupMessages(library(posterior))
for (name in commandArgs(trailingOnly = TRUE)[-1]) {
    x <- as.matrix(read.csv(file.path(commandArgs(trailingOnly = TRUE)[1], paste0(name, '.draws')), header = FALSE))
    dimnames(x) <- NULL
    cat(name, sprintf('%.17g', c(mean(x), mcse_mean(x), sd(x), rhat(x), ess_bulk(x), ess_tail(x))), '\n')
}
'''
try:
    import numpy
    subprocess.run(['Rscript', '-e', 'library(posterior)'], check=True, capture_output=True)
except (ImportError, OSError, subprocess.CalledProcessError) as reason:
    print(f'skipped: {reason}; install python3-numpy and r-cran-posterior')
    sys.exit(77)

columns = ['mean', 'mcse_mean', 'sd', 'r_hat', 'ess_bulk', 'ess_tail']
with tempfile.TemporaryDirectory() as work:
    subprocess.run([sys.argv[1], '--dim', '6', '--width', '10', '--samples', '30', '--test', '20', '--burn-in', '50',
                    '--chains', '3', '--draws', '301', '--out', work, '--traces', work + '/traces.npy'],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    traces = numpy.load(work + '/traces.npy')
    with open(work + '/summary.csv', newline='') as stream:
        ours = {row['trace']: [float(row[name]) for name in columns] for row in csv.DictReader(stream)}
    for name in ours:
        numpy.savetxt(f'{work}/{name}.draws', traces[name].T, fmt='%.17g', delimiter=',')
    with open(work + '/script.R', 'w') as stream:
        stream.write(script)
    output = subprocess.run(['Rscript', work + '/script.R', work, *ours], check=True, capture_output=True, text=True)

worst, compared = 0.0, 0
for line in output.stdout.splitlines():
    name, *theirs = line.split()
    for column, a, b in zip(columns, ours[name], map(float, theirs), strict=True):
        difference = abs(a - b) / abs(b)
        assert difference < 1e-9, f'{column} of {name}: {a!r}, posterior finds {b!r}'
        worst, compared = max(worst, difference), compared + 1
assert compared == len(columns) * len(ours) > 30, compared
print(f'{compared} numbers agree with posterior, the worst to {worst:.1g}')
