"""The recurrence behind linear attention, in chunks. For each head, with q, k of K and v of V entries,

    S_t = diag(e^{g_t}) S_{t-1} + b_t (a_t^T S_{t-1}) + k_t v_t^T,    y_t = S_t^T q_t                     (1)

with a log decay g <= 0 of the head or of each key entry, and without the second term where there is no a and b. With L_t the
sum of g in a chunk up to t, E_t = L_t - g_t, and u_t = a_t^T S_{t-1},

    u_t = (a_t e^{E_t})^T S_0 + sum_{s<t} <a_t e^{E_t - L_s}, b_s> u_s + <a_t e^{E_t - L_s}, k_s> v_s
    y_t = (q_t e^{L_t})^T S_0 + sum_{s<=t} <q_t e^{L_t - L_s}, k_s> v_s + <q_t e^{L_t - L_s}, b_s> u_s
    S_C = e^{L_C} S_0 + sum_s (k_s e^{L_C - L_s}) v_s^T + (b_s e^{L_C - L_s}) u_s^T

(the WY form of Yang et al., 2024, arXiv:2406.06484, section 3.2).
"""
import torch
import torch.nn.functional as F

# With decays of each key entry the factors e^{-L} are formed by themselves: a log decay below this would overflow them.
LEAST = -4.0
CHUNK_OF_ENTRIES = 16
CHUNK_OF_HEADS = 64


class Pairs:
    """Products <x_t e^{X_t - L_s}, y_s> of all pairs of a chunk, [..., t, s], from tensors [..., chunk, entries]."""

    def __init__(self, sums, log_decay):
        self.sums, self.before = sums, sums - log_decay
        self.by_entry = sums.shape[-1] > 1

    def of(self, x, y, exclusive):
        """With X the sums before t and pairs s < t if `exclusive`, else those up to t and pairs s <= t."""
        size = x.shape[-2]
        kept = torch.ones(size, size, dtype=torch.bool).tril(-1 if exclusive else 0)
        rows = self.before if exclusive else self.sums
        if self.by_entry:
            products = (x * rows.exp()) @ (y * (-self.sums).exp()).transpose(-1, -2)
            return products.masked_fill(~kept, 0)
        exponents = (rows - self.sums.transpose(-1, -2)).masked_fill(~kept, -torch.inf)
        return x @ y.transpose(-1, -2) * exponents.exp()


def recurrence(q, k, v, log_decay, a=None, b=None):
    """y [batch, heads, seq, V] of (1), from q, k, a, b [batch, heads, seq, K], v, and log decays [batch, heads, seq, K or 1]."""
    length = q.shape[2]
    size = min(CHUNK_OF_ENTRIES if log_decay.shape[-1] > 1 else CHUNK_OF_HEADS, length)
    chunks = lambda x: F.pad(x, (0, 0, 0, -length % size)).unflatten(2, (-1, size))
    q, k, v, g = (chunks(x) for x in (q, k, v, log_decay))
    sums = g.cumsum(dim=-2)
    pairs = Pairs(sums, g)
    left = (sums[..., -1:, :] - sums).exp()
    of_keys = pairs.of(q, k, exclusive=False)
    read, kept, whole = q * sums.exp(), k * left, sums[..., -1, :].exp()
    if a is not None:
        a, b = chunks(a), chunks(b)
        of_corrections, corrected = pairs.of(q, b, exclusive=False), b * left
        system = torch.eye(size) - pairs.of(a, b, exclusive=True)
        # u = reads S_0 + own v: both right-hand sides at once.
        given = torch.cat((a * pairs.before.exp(), pairs.of(a, k, exclusive=True) @ v), dim=-1)
        solved = torch.linalg.solve_triangular(system, given, upper=False, unitriangular=True)
        reads, own = solved.split((a.shape[-1], v.shape[-1]), dim=-1)
    state, out = q.new_zeros(*q.shape[:2], q.shape[-1], v.shape[-1]), []
    for i in range(q.shape[2]):
        y = read[:, :, i] @ state + of_keys[:, :, i] @ v[:, :, i]
        added = kept[:, :, i].transpose(-1, -2) @ v[:, :, i]
        if a is not None:
            u = reads[:, :, i] @ state + own[:, :, i]
            y = y + of_corrections[:, :, i] @ u
            added = added + corrected[:, :, i].transpose(-1, -2) @ u
        state = state * whole[:, :, i].unsqueeze(-1) + added
        out.append(y)
    return torch.cat(out, dim=2)[:, :, :length]
