"""Begins a variant with the weights of another that was trained before."""
from pathlib import Path

import torch

import families
from huggingface import read_safetensors


def exported(variant, folder):
    """The weights of an exported folder by the names that the parameters of a variant have here."""
    tensors, rules = read_safetensors(Path(folder) / "model.safetensors"), families.NAMES[variant.family]
    names = (name for name, _ in variant.build().named_parameters())
    return {name: torch.from_numpy(tensors[families.renamed(name, rules)]) for name in names}


def trunk(path, variants):
    """The weights of a checkpoint, or of an exported folder, which is named as its variant is."""
    path = Path(path)
    return exported(variants[path.name], path) if path.is_dir() else torch.load(path)["model"]


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
