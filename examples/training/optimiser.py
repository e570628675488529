"""Muon for the matrices inside the layers (Jordan et al., 2024; scaled as by Liu et al., 2025), AdamW for the rest."""
import torch


def orthogonal(matrix):
    """The nearest matrix with singular values of about 1, by five quintic Newton-Schulz steps."""
    x = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x if matrix.shape[0] <= matrix.shape[1] else x.T


def rows_of_parts(matrix):
    """How many rows each of the matrices has that one below the other make this one."""
    return getattr(matrix, "parts", (matrix.shape[0],))


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are made orthogonal, so that rare directions move as fast as frequent ones.

    Steps are scaled to the size that AdamW's usually have, so one learning rate does for both. A matrix that is several, one below
    the other, has their rows in its attribute `parts`.
    """

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.1):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["velocity"] = torch.zeros_like(p)
                velocity = state["velocity"].lerp_(p.grad, 1 - group["momentum"])
                update = torch.lerp(p.grad, velocity, group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                for part, of_part in zip(p.split(rows_of_parts(p)), update.split(rows_of_parts(p))):
                    part.add_(orthogonal(of_part), alpha=-group["lr"] * 0.2 * max(part.shape) ** 0.5)


class Optimiser:
    """Both optimisers for one model, stepped together at one learning rate."""

    def __init__(self, model):
        named = list(model.named_parameters())
        is_matrix = lambda name, p: p.dim() == 2 and "embed" not in name and not name.endswith("A_log")
        matrices = [p for name, p in named if is_matrix(name, p)]
        others = [p for name, p in named if not is_matrix(name, p)]
        self.parts = [Muon(matrices, lr=0.0), torch.optim.AdamW(others, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)]
        self.params = [p for _, p in named]

    def step(self, loss, lr):
        """One step down the gradient of the loss."""
        for part in self.parts:
            part.zero_grad()
            for group in part.param_groups:
                group["lr"] = lr
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.params, 1.0)
        for part in self.parts:
            part.step()
