# SPDX-License-Identifier: BSD-3-Clause
"""Test error against the number of samples: a network's posterior, its kernel limit, mean-field theory."""
import matplotlib.pyplot as plt
import mflearn

context = mflearn.Context(seed=1)
task, model = mflearn.Task.parity(context, 20, 2), mflearn.Model(context, 20, 128)
samples, test, errors = [50, 100, 200, 400], task.draw(2000, role='test'), []
for count in samples:
    train = task.draw(count)
    sampler = mflearn.Sampler(model, train, kappa=0.1, test=test, burn_in=2000, draws=100).run()
    kernel = mflearn.Ridge(model).fit(train, kappa=0.1).predict(test.inputs).mean
    theory = mflearn.Theory(task, model).solve(count, kappa=0.1)
    errors.append((sampler.results['test_error'], ((kernel - test.targets) ** 2).mean(),
                   theory.results['test_error']))
plt.loglog(samples, errors, 'o-', label=['network, sampled', 'its kernel limit', 'mean-field theory'])
plt.legend(title='test error against samples')
plt.savefig('learning_curve.svg')
