"""How CP-SAT is asked (OR-Tools). Its settings stand here, so that everybody who repeats a result has the same."""

from __future__ import annotations

from typing import Final

from ortools.sat.python import cp_model

SEED: Final = 20_080_401


def exact_solver() -> cp_model.CpSolver:
    """One worker, one seed, no clock: the same model gives the same answer, or none."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = 600
    return solver


def timed_solver(*, seconds: float, workers: int) -> cp_model.CpSolver:
    """As good an answer as `seconds` allow, with a bound that says how good."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = SEED
    solver.parameters.max_time_in_seconds = seconds
    return solver
