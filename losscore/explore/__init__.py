"""Sweeps, surfaces, fits and descent paths of losses: batched torch, nothing drawn."""
