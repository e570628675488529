"""Teaches a model of mixers alone what each half of a softmax model's layers does (as MOHAWK: Bick et al., 2024, arXiv:2408.10189).

Layer 2i of the student stands for the attention of the teacher's layer i, layer 2i + 1 for its MLP. Both have one width, so a
student's layer can be given what the teacher's half is given, and be held to what that adds to the residual stream: every layer
learns by itself, from the first step on, what otherwise comes to it through all others.
"""
import torch


def halves(teacher):
    """(norm, module) of each half of each layer, in order."""
    return [half for layer in teacher.layers for half in ((layer.mixer_norm, layer.mixer), (layer.mlp_norm, layer.mlp))]


@torch.no_grad()
def begin(teacher, student):
    """Copies embedding, last norm, and the norm before each half."""
    before = [norm for norm, _ in halves(teacher)]
    if len(before) != len(student.layers):
        raise ValueError(f"{len(student.layers)} layers, expected one for each of the teacher's {len(before)} halves")
    student.embed.weight.copy_(teacher.embed.weight)
    student.norm.weight.copy_(teacher.norm.weight)
    for norm, layer in zip(before, student.layers):
        layer.mixer_norm.weight.copy_(norm.weight)


@torch.no_grad()
def taught(teacher, ids):
    """Of each half: what it is given, and what it adds to it, both [batch, seq, width]."""
    x, pairs = teacher.embed(ids), []
    for norm, module in halves(teacher):
        added = module(norm(x))
        pairs.append((x, added))
        x = x + added
    return pairs


def alignment(teacher, student, batch):
    """The part of what the teacher's halves add that the student's layers do not explain: 0 to about 1, of each layer."""
    ids, _, _, present = batch
    mask = present.unsqueeze(-1)
    parts = []
    for layer, (x, added) in zip(student.layers, taught(teacher, ids)):
        missed = (layer.mixer(layer.mixer_norm(x)) - added).square() * mask
        parts.append(missed.sum() / (added.square() * mask).sum())
    return torch.stack(parts)
