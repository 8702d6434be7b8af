"""One file a family; importing this package declares them all, in teaching order."""

# The order of these lines is the teaching order.
# isort: off
from losscore.losses import regression as regression
from losscore.losses import regression_robust as regression_robust
from losscore.losses import regression_shapes as regression_shapes
from losscore.losses import regression_scales as regression_scales
from losscore.losses import regression_likelihood as regression_likelihood
from losscore.losses import segmentation as segmentation
from losscore.losses import segmentation_confusion as segmentation_confusion
from losscore.losses import segmentation_combined as segmentation_combined
from losscore.losses import segmentation_multiclass as segmentation_multiclass
from losscore.losses import segmentation_ranking as segmentation_ranking
from losscore.losses import segmentation_distance as segmentation_distance
from losscore.losses import metrics_overlap as metrics_overlap
from losscore.losses import metrics_surface as metrics_surface
