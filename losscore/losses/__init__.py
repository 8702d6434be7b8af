"""One file a family; importing this package declares them all, in teaching order."""

# The order of these lines is the teaching order.
# isort: off
from losscore.losses import regression as regression
from losscore.losses import regression_robust as regression_robust
from losscore.losses import regression_shapes as regression_shapes
from losscore.losses import regression_scales as regression_scales
from losscore.losses import regression_likelihood as regression_likelihood
from losscore.losses import classification as classification
from losscore.losses import classification_margins as classification_margins
from losscore.losses import classification_probabilities as classification_probabilities
from losscore.losses import classification_multiclass as classification_multiclass
from losscore.losses import classification_weighted as classification_weighted
from losscore.losses import classification_modulated as classification_modulated
from losscore.losses import classification_noise as classification_noise
from losscore.losses import classification_multiclass_margins as classification_multiclass_margins
from losscore.losses import classification_distributions as classification_distributions
from losscore.losses import classification_multilabel as classification_multilabel
from losscore.losses import segmentation as segmentation
from losscore.losses import segmentation_confusion as segmentation_confusion
from losscore.losses import segmentation_combined as segmentation_combined
from losscore.losses import segmentation_multiclass as segmentation_multiclass
from losscore.losses import segmentation_ranking as segmentation_ranking
from losscore.losses import segmentation_distance as segmentation_distance
from losscore.losses import metrics_overlap as metrics_overlap
from losscore.losses import metrics_surface as metrics_surface
from losscore.losses import boxes as boxes
from losscore.losses import boxes_distance as boxes_distance
from losscore.losses import boxes_coordinates as boxes_coordinates
from losscore.losses import boxes_detection as boxes_detection
from losscore.losses import embeddings_pairs as embeddings_pairs
from losscore.losses import embeddings_triplets as embeddings_triplets
from losscore.losses import embeddings_batches as embeddings_batches
from losscore.losses import embeddings_classes as embeddings_classes
from losscore.losses import distributions as distributions
from losscore.losses import distributions_transport as distributions_transport
from losscore.losses import distributions_kernels as distributions_kernels
from losscore.losses import distributions_ctc as distributions_ctc
from losscore.losses import reconstruction as reconstruction
from losscore.losses import reconstruction_similarity as reconstruction_similarity
from losscore.losses import reconstruction_features as reconstruction_features
from losscore.losses import adversarial as adversarial
from losscore.losses import adversarial_relativistic as adversarial_relativistic
from losscore.losses import adversarial_anchors as adversarial_anchors
from losscore.losses import regularisers as regularisers
from losscore.losses import combining as combining
