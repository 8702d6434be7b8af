"""Embeddings: what lies near what."""

from pages.embeddings_batch import BATCH
from pages.embeddings_circle import CIRCLE
from pages.embeddings_ranking import RANKING
from pages.embeddings_three import THREE
from pages.embeddings_trained import TRAINED
from pages.ui.page import run

PARTS = [THREE, CIRCLE, RANKING, BATCH, TRAINED]
VIEWS = tuple(part.view for part in PARTS)


def draw() -> None:
    run("embeddings", "Embeddings", PARTS)
