"""Begins a variant with the weights of another that was trained before."""
import torch


def mean_heads(weight, head_dim, shared):
    """Key or value heads averaged in groups to `shared` heads (Ainslie et al., 2023, section 2.1)."""
    heads = weight.shape[0] // head_dim
    grouped = weight.view(shared, heads // shared, head_dim, weight.shape[1])
    return grouped.mean(dim=1).reshape(shared * head_dim, weight.shape[1])


@torch.no_grad()
def transfer(weights, model):
    """Copies each tensor that both have in the same shape; key and value heads that are fewer here become means."""
    for name, own in model.named_parameters():
        given = weights.get(name)
        if given is None:
            continue
        if own.shape != given.shape and name.endswith(("k_proj.weight", "v_proj.weight")):
            head_dim = given.shape[1] // 4
            given = mean_heads(given, head_dim, own.shape[0] // head_dim)
        if own.shape == given.shape:
            own.copy_(given)
