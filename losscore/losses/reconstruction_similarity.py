"""Reconstruction judged window by window: structural similarity, at one scale and at several.

Local means, variances and covariances are taken under a Gaussian window that lies wholly inside the picture. The
similarity of a window is written as what it misses,

    luminance  1 - (2 mx my + c1) / (mx^2 + my^2 + c1)  =  (mx - my)^2 / (mx^2 + my^2 + c1)
    structure  1 - (2 cov + c2) / (vx + vy + c2)        =  var(x - y) / (vx + vy + c2)

so that nearly equal pictures cost a small number and not the difference of two that are nearly 1.
"""

from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor

from losscore.claims import Claims
from losscore.declare import loss
from losscore.losses.reconstruction import DataRange
from losscore.losses.reconstruction_inputs import PyramidImage, WindowedImage
from losscore.params import Choice, Param, Vector


def _per_pixel(number: float | Tensor, image: Tensor) -> Tensor:
    """A number a sample as a tensor that broadcasts against pictures (..., H, W)."""
    return torch.as_tensor(number, dtype=image.dtype, device=image.device)[..., None, None]


def _window(win: int, sigma: Tensor) -> Tensor:
    """Gaussian weights of `win` neighbours, which sum to one, for sigma (..., 1, 1): (win, ..., 1, 1)."""
    offset = torch.arange(win, dtype=sigma.dtype, device=sigma.device) - (win - 1) / 2
    return torch.softmax(-(offset / sigma[..., None]).square() / 2, dim=-1).movedim(-1, 0)


def _gathered(mean: Tensor, variance: Tensor, window: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """Mean and variance of what each window along `dim` gathers, from those of its members.

    Deviations are taken from the window's own mean: a mean square less a squared mean would leave nothing but
    rounding in a flat bright window.
    """
    places = mean.shape[dim] - len(window) + 1
    members = [(w, mean.narrow(dim, k, places), variance.narrow(dim, k, places)) for k, w in enumerate(window)]
    centre = torch.zeros(()).to(mean)
    for w, m, _ in members:
        centre = centre + w * m
    spread = torch.zeros(()).to(mean)
    for w, m, v in members:
        spread = spread + w * (v + (m - centre).square())
    return centre, spread


def _moments(image: Tensor, window: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance under each window, (..., H - win + 1, W - win + 1): of its rows, then of its columns."""
    return _gathered(*_gathered(image, torch.zeros_like(image), window, -1), window, -2)


def _misses(x: Tensor, y: Tensor, win: int, sigma: float | Tensor, c1: Tensor, c2: Tensor) -> tuple[Tensor, Tensor]:
    """What each window misses in luminance and in structure, both from 0 to 2, (..., H - win + 1, W - win + 1)."""
    window = _window(win, _per_pixel(sigma, x))
    (mx, vx), (my, vy), (apart, v) = (_moments(image, window) for image in (x, y, x - y))
    return apart.square() / (mx.square() + my.square() + c1), v / (vx + vy + c2)


def missed(
    pred: Tensor, target: Tensor, data_range: float | Tensor, win: int, sigma: float | Tensor, K1: float | Tensor,
    K2: float | Tensor,
) -> Tensor:  # fmt: skip
    """1 - structural similarity of each window inside the picture, (..., H - win + 1, W - win + 1)."""
    c1, c2 = (_per_pixel((k * data_range) ** 2, pred) for k in (K1, K2))
    luminance, structure = _misses(pred, target, win, sigma, c1, c2)
    return luminance + structure - luminance * structure


@loss(
    title="Structural similarity",
    family="reconstruction",
    latex=(
        r"1 - \operatorname*{mean}_{\text{windows}} \frac{(2\mu_p\mu_y + c_1)(2\sigma_{py} + c_2)}"
        r"{(\mu_p^2 + \mu_y^2 + c_1)(\sigma_p^2 + \sigma_y^2 + c_2)},\quad c_k = (K_k L)^2"
    ),
    insight="What neighbours do together counts: a wrong brightness costs little, a lost or inverted texture much.",
    trap=(
        "Libraries differ in the border, the window and the variance, and one picture pair can score .88 to .91; the"
        " index itself is 1 minus this loss."
    ),
    source="Wang et al. 2004, doi:10.1109/TIP.2003.819861",
    aliases=("SSIM", "DSSIM", "1 - SSIM"),
    claims=Claims(convex=False, even=False, smooth=True, robust=True, minimum="0", maximum="2"),
)
def ssim(
    pred: WindowedImage,
    target: WindowedImage,
    *,
    data_range: DataRange = 1.0,
    win: Annotated[int, Choice(tuple(range(3, 22, 2)), "side of the window, in pixels")] = 11,
    sigma: Annotated[
        float, Param(r"\sigma", 0.5, 5.0, "width of the Gaussian in the window", domain="(0, inf)", unit="px")
    ] = 1.5,
    K1: Annotated[float, Param("K_1", 1e-3, 0.1, "steadies dark windows", log=True, domain="(0, inf)")] = 0.01,
    K2: Annotated[float, Param("K_2", 1e-3, 0.1, "steadies flat windows", log=True, domain="(0, inf)")] = 0.03,
) -> Tensor:
    """1 - mean structural similarity over all windows that lie inside the picture, (..., H, W) -> (...), in [0, 2].

    Greys lie between 0 and data_range; variances divide by the weights' sum, not by one less.
    Raises ValueError where a side is shorter than the window.
    """
    if min(pred.shape[-2:]) < win:
        raise ValueError(f"ssim: pred needs {win} or more along H and W for win={win}, got {tuple(pred.shape[-2:])}")
    return missed(pred, target, data_range, win, sigma, K1, K2).mean((-2, -1))


def _halved(image: Tensor) -> Tensor:
    """Means of 2 x 2 pixels; an odd side is first lengthened by a zero at either end."""
    height, width = image.shape[-2:]
    pooled = F.avg_pool2d(image.reshape(-1, height, width), 2, padding=(height % 2, width % 2))
    return pooled.reshape(*image.shape[:-2], *pooled.shape[-2:])


def _positive_power(base: Tensor, power: Tensor) -> Tensor:
    """base ** power with negative bases taken as 0; the gradient at 0, infinite for a fractional power, is 0."""
    positive = base > 0
    return torch.where(positive, base.masked_fill(~positive, 1.0) ** power, base.new_zeros(()) ** power)


@loss(
    title="Multi-scale structural similarity",
    family="reconstruction",
    latex=(
        r"s_M^{\,w_M} \prod_{j=1}^{M-1} c_j^{\,w_j},\quad"
        r" c_j = \max\!\Big(0, \operatorname*{mean}_{\text{windows}} \frac{2\sigma_{py} + c_2}"
        r"{\sigma_p^2 + \sigma_y^2 + c_2}\Big)\ \text{at scale } j,\quad s_M = \max(0, \text{SSIM at scale } M)"
    ),
    insight="Texture is compared at five sizes and brightness only at the coarsest, as if seen from five distances.",
    trap=(
        "It is a similarity, 1 is best: training minimises 1 minus it. Each scale is cut at 0, or its fractional power"
        " would be NaN; one inverted scale makes the product 0, where no gradient is left."
    ),
    source="Wang et al. 2003, doi:10.1109/ACSSC.2003.1292216; Zhao et al. 2017, doi:10.1109/TCI.2016.2644865",
    aliases=("MS-SSIM", "multiscale SSIM"),
    claims=Claims(minimum="0", maximum="1"),
)
def ms_ssim(
    pred: PyramidImage,
    target: PyramidImage,
    *,
    data_range: DataRange = 1.0,
    weights: Annotated[
        tuple[float, ...], Vector("w", 0.0, 1.0, "power of each scale, the finest first", each="scale")
    ] = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333),
) -> Tensor:
    """Product over the scales, each half as fine as the one before, (..., H, W) -> (...), in [0, 1]; 1 is best.

    As many scales as weights; windows of 11 x 11 pixels with sigma 1.5, K1 = 0.01, K2 = 0.03.
    Raises ValueError where the window does not fit into the coarsest scale: five scales need 161 pixels a side.
    """
    powers = torch.as_tensor(weights, dtype=pred.dtype, device=pred.device)
    needed = 10 * 2 ** (len(powers) - 1) + 1
    if min(pred.shape[-2:]) < needed:
        got = f"{len(powers)} scales, got {tuple(pred.shape[-2:])}"
        raise ValueError(f"ms_ssim: pred needs {needed} or more along H and W for {got}; fewer weights need less")
    c1, c2 = (_per_pixel((k * data_range) ** 2, pred) for k in (0.01, 0.03))
    x, y, product = pred, target, pred.new_ones(())
    for power in powers[:-1]:
        _, structure = _misses(x, y, 11, 1.5, c1, c2)
        product = product * _positive_power(1 - structure.mean((-2, -1)), power)
        x, y = _halved(x), _halved(y)
    luminance, structure = _misses(x, y, 11, 1.5, c1, c2)
    return product * _positive_power(((1 - luminance) * (1 - structure)).mean((-2, -1)), powers[-1])
