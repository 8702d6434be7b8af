"""What all tests have in common: hypothesis without a clock, the same draws in CI each time, one torch thread."""

import os

import torch
from hypothesis import settings

# The tensors of a test are small: a second thread costs more than it brings, and sums keep their order.
torch.set_num_threads(1)

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
