"""Two small networks against each other: one makes points of a plane, the other tells them from the data."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Annotated

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import losscore
from losscore.params import Choice, Param
from losscore.scenes.rings import CLOUDS, away, draw, found
from losscore.train.declare import training
from losscore.train.record import Frames, Whole

# The generator's loss names the game; beside it what the critic minimises.
CRITIC_OF = {
    "gan_g_saturating": "gan_d", "gan_g_nonsaturating": "gan_d", "lsgan_g": "lsgan_d", "hinge_g": "hinge_d",
    "wgan_g": "wgan_critic", "rsgan_g": "rsgan_d", "rasgan_g": "rasgan_d", "rmcosgan_g": "rmcosgan_d",
}  # fmt: skip
SEEDS = 8  # games that a run plays beside each other
STEPS = 100  # of the generator, an epoch
ALONE = 30  # steps that one side goes on while the other stands still
SHOWN, ARROWS = 96, 48  # points, and those of them with an arrow
EDGE, CELLS = 3.0, 20  # the plane that the critic is asked about, and how finely
_BATCH, _NOISE, _HIDDEN, _JUDGED = 64, 4, 64, 256
_PENALTY = 1.0  # weight of the gradient penalty; the paper's own two-dimensional toys take 0.1, its pictures 10


class Players(nn.Module):
    """As many networks as there are seeds, a layer of each in one multiplication: (S, N, a) -> (S, N, b)."""

    def __init__(self, sizes: tuple[int, ...], generators: list[torch.Generator]) -> None:
        super().__init__()
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for size, following in pairwise(sizes):
            bound = size**-0.5
            drawn = [[2 * torch.rand(rows, following, generator=g) - 1 for g in generators] for rows in (size, 1)]
            self.weights.append(nn.Parameter(bound * torch.stack(drawn[0])))
            self.biases.append(nn.Parameter(bound * torch.stack(drawn[1])))

    def forward(self, x: Tensor, cosine: bool = False) -> Tensor:
        """cosine: the last layer gives the cosine with its weights, between -1 and 1."""
        last = len(self.weights) - 1
        for place, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if place == last and cosine:
                return F.normalize(x, dim=-1) @ F.normalize(weight, dim=1)
            x = torch.baddbmm(bias, x, weight)
            x = F.leaky_relu(x, 0.2) if place < last else x
        return x


@training(title="A game of two networks", seconds=1.0)
def game(
    *,
    loss: Annotated[str, Choice(tuple(CRITIC_OF), "what the generator is trained with")] = "gan_g_nonsaturating",
    cloud: Annotated[str, Choice(tuple(CLOUDS), "what it is to make")] = "ring",
    critic_steps: Annotated[int, Whole(1, 5, "steps of the critic for one of the generator")] = 1,
    rate: Annotated[float, Param(r"\eta", 1e-4, 0.01, "Adam's step size", log=True, domain="[0.00001, 1]")] = 0.001,
    epochs: Annotated[int, Whole(1, 60, "times a hundred steps of the generator")] = 30,
    seed: Annotated[int, Whole(0, 999, "the first of eight")] = 0,
) -> Iterator[Frames]:
    """Eight games, each from weights of its own; every loss starts from the same ones and sees the same batches.

    Frames of all games: pieces (8,) found, distance (8,) to the data (sliced Wasserstein-1), told (8,), the share of
    pairs in which the critic scores the true point higher. Of the first game: points (96, 2); arrows (48, 2), minus the
    gradient of the generator's loss by a point, times their number; critic (20, 20), its ranking of the plane, bytes
    from made to true; after (96, 2), the points when the generator alone has gone on for 30 steps; and
    critic_after (20, 20), the critic when it alone has.
    """
    starts = [torch.Generator().manual_seed(7919 * (seed + k)) for k in range(SEEDS)]
    batches, fixed = torch.Generator().manual_seed(seed), torch.Generator().manual_seed(104729)
    maker = Players((_NOISE, _HIDDEN, _HIDDEN, 2), starts)
    critic = Players((2, _HIDDEN, _HIDDEN, 1), starts)
    noise, truth = torch.randn(_JUDGED, _NOISE, generator=fixed), draw(cloud, (_JUDGED,), fixed)
    noise, truth = noise.expand(SEEDS, -1, -1), truth.expand(SEEDS, -1, -1)

    def sides(maker: Players, critic: Players) -> tuple[Callable[[], None], Callable[[], None]]:
        """A step of each side alone."""
        makers, critics = (torch.optim.Adam(side.parameters(), lr=rate, betas=(0.5, 0.9)) for side in (maker, critic))

        @torch.enable_grad()
        def critic_step() -> None:
            real, made = _batch(cloud, batches), maker(_noise(batches)).detach()
            cost = _critic_cost(loss, critic, real, made, batches)
            critics.zero_grad()
            cost.sum().backward()
            critics.step()

        @torch.enable_grad()
        def maker_step() -> None:
            real, made = _batch(cloud, batches), maker(_noise(batches))
            cost = losscore.get(loss)(_scores(loss, critic, real), _scores(loss, critic, made), reduction="none")
            makers.zero_grad()
            cost.sum().backward()
            makers.step()

        return critic_step, maker_step

    def frame() -> Frames:
        with torch.no_grad():
            made = maker(noise)
            real_scores, made_scores = _scores(loss, critic, truth), _scores(loss, critic, made)
            distance = away(made, truth)
            told = (real_scores[:, :, None] > made_scores[:, None, :]).float().mean((-2, -1))
        state = batches.get_state()
        alone = deepcopy(maker), deepcopy(critic)
        only_critic, only_maker = sides(maker, alone[1])[0], sides(alone[0], critic)[1]
        for _ in range(ALONE):
            only_critic()
            only_maker()
        batches.set_state(state)
        with torch.no_grad():
            after = alone[0](noise)[0, :SHOWN]
        return {
            "pieces": found(made, cloud).to(torch.uint8), "distance": distance, "told": told,
            "points": made[0, :SHOWN].half(), "arrows": _pull(loss, critic, truth, made)[0, :ARROWS].half(),
            "critic": _asked(loss, critic), "after": after.half(), "critic_after": _asked(loss, alone[1]),
        }  # fmt: skip

    critic_step, maker_step = sides(maker, critic)
    yield frame()
    for _ in range(epochs):
        for _ in range(STEPS):
            for _ in range(critic_steps):
                critic_step()
            maker_step()
        yield frame()


def _noise(batches: torch.Generator) -> Tensor:
    return torch.randn(SEEDS, _BATCH, _NOISE, generator=batches)


def _batch(cloud: str, batches: torch.Generator) -> Tensor:
    return draw(cloud, (SEEDS, _BATCH), batches)


def _scores(loss: str, critic: Players, points: Tensor) -> Tensor:
    if loss == "rmcosgan_g":
        return critic(points, cosine=True)[..., 0].clamp(-1, 1)  # rounding may go beyond
    return critic(points)[..., 0]


def _critic_cost(loss: str, critic: Players, real: Tensor, made: Tensor, batches: torch.Generator) -> Tensor:
    """What the critic of each game minimises, (S,)."""
    scores = _scores(loss, critic, real), _scores(loss, critic, made)
    cost = losscore.get(CRITIC_OF[loss])(*scores, reduction="none")
    if loss == "wgan_g":
        share = torch.rand(*real.shape[:2], 1, generator=batches)
        between = (share * real + (1 - share) * made).requires_grad_()
        (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        cost = cost + losscore.get("wgan_gp_penalty")(slope.norm(dim=-1), lam=_PENALTY, reduction="none")
    return cost


@torch.enable_grad()
def _pull(loss: str, critic: Players, real: Tensor, made: Tensor) -> Tensor:
    """Minus the gradient of the generator's loss by each made point, times their number."""
    free = made.detach().requires_grad_()
    cost = losscore.get(loss)(_scores(loss, critic, real), _scores(loss, critic, free), reduction="none")
    (slope,) = torch.autograd.grad(cost.sum(), free)
    return -slope * made.shape[1]


def _asked(loss: str, critic: Players) -> Tensor:
    """The first critic's scores over the plane, top row first, as bytes from its lowest to its highest."""
    line = torch.linspace(-EDGE, EDGE, CELLS + 1)
    middle = (line[1:] + line[:-1]) / 2
    plane = torch.stack(torch.meshgrid(middle, -middle, indexing="xy"), -1).reshape(1, -1, 2).expand(SEEDS, -1, -1)
    with torch.no_grad():
        scores = _scores(loss, critic, plane)[0].reshape(CELLS, CELLS)
    low, high = scores.min(), scores.max()
    return (255 * (scores - low) / (high - low).clamp(min=1e-9)).round().to(torch.uint8)
