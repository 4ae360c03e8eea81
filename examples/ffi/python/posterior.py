# SPDX-License-Identifier: BSD-3-Clause
"""A parity of 2 of 12 inputs: mean-field theory, a sampled posterior, the kernel limit, and an activation in Python."""
import mflearn


def square(z):
    """An activation: its values and its derivatives at an array of points."""
    return z * z, 2 * z


with mflearn.Context(seed=7) as context:
    task = mflearn.Task.parity(context, 12, 2)
    model = mflearn.Model(context, 12, 32)
    train, test = task.draw(60, label_noise=0.1), task.draw(3, role='test')

    theory = mflearn.Theory(task, model).solve(60, 0.2)
    print(f"theory_m {theory.results['m']:.17g}")

    sampler = mflearn.Sampler(model, train, 0.2, task=task, burn_in=200, draws=20)
    print(f"sampler_m {sampler.run().results['order_parameter']:.17g}")

    ridge = mflearn.Ridge(model).fit(train, 0.2)
    print(f'ridge_log_evidence {ridge.log_evidence:.17g}')
    for value in ridge.predict(test.inputs).mean:
        print(f'ridge_prediction {value:.17g}')

    model.set_activation(square)
    network = mflearn.Network(model)
    network.draw_prior()
    for value in network(test.inputs):
        print(f'network_prediction {value:.17g}')
