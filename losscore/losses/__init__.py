"""One file a family; importing this package declares them all, in teaching order."""

from losscore.losses import regression as regression
