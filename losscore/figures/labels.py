"""What a figure and its table call a loss: the abbreviation that everybody says, else its title."""

import losscore

_SAID = {"mse": "MSE", "mae": "MAE", "rmse": "RMSE", "msle": "MSLE", "silog": "SILog"}


def label(key: str) -> str:
    """The loss's name in a legend. Raises KeyError for an unknown loss."""
    return _SAID.get(key) or losscore.get(key).title
