"""What the embedding is trained to do: find each text's partner in a batch, and rank pairs by sameness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from nlp.training.corpora import intent_names
from nlp.training.pairs import Pair

if TYPE_CHECKING:
    from torch import Tensor

FAMILY_SHARE: Final = {"promotion": 0.4}  # coupons, bargaining, sales: all of them ask for a lower price
OTHER_SHARE: Final = 0.1

_NEVER: Final = -1e4  # stands for minus infinity, which times a target of zero would be no number


class Relations(NamedTuple):
    """How the pairs of one batch stand to each other, (batch, batch), and how much each counts, (batch)."""

    same: Tensor  # true where two pairs mean the same and must not be told apart; false on the diagonal
    family: Tensor  # one where two pairs of different meaning belong to one family of intents, else zero
    share: Tensor  # how much of its target a pair yields to its family, (batch, 1)
    weights: Tensor


class Kinship:
    """Which pairs mean the same and which are related, looked up by number instead of by name."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        codes: dict[str, int] = {}
        families = {name.name: f"family:{name.group}" for name in intent_names()}

        def code(name: str, row: int) -> int:
            return codes.setdefault(name, len(codes)) if name else -1 - row

        self._question = np.array([code(pair.question, row) for row, pair in enumerate(pairs)])
        self._right = np.array([code(f"text:{pair.right}", row) for row, pair in enumerate(pairs)])
        self._intent = np.array([code(pair.intent and f"intent:{pair.intent}", row) for row, pair in enumerate(pairs)])
        self._family = np.array([code(families.get(pair.intent, ""), row) for row, pair in enumerate(pairs)])
        self._fine = np.array([pair.fine for pair in pairs])
        self._named = np.array([pair.kind == "intent" for pair in pairs])
        shares = {name.name: FAMILY_SHARE.get(name.group, OTHER_SHARE) for name in intent_names()}
        self._share = np.array([shares.get(pair.intent, 0.0) for pair in pairs], np.float32)
        self._weights = np.array([pair.weight for pair in pairs], np.float32)

    def of(self, batch: Sequence[int]) -> Relations:
        """Return the relations among some pairs."""
        import torch

        rows = np.asarray(batch)
        question, right, intent, named = self._question[rows], self._right[rows], self._intent[rows], self._named[rows]
        same = (question[:, None] == question) | (right[:, None] == right)
        fine = self._fine[rows]
        same |= (intent[:, None] == intent) & (named[:, None] | named | (fine[:, None] != fine))
        np.fill_diagonal(same, False)
        family = (self._family[rows][:, None] == self._family[rows]) & ~same
        np.fill_diagonal(family, False)
        weights = torch.from_numpy(self._weights[rows])
        share = torch.from_numpy(self._share[rows])[:, None]
        return Relations(torch.from_numpy(same), torch.from_numpy(family.astype(np.float32)), share, weights)


def contrast(logits: Tensor, relations: Relations) -> Tensor:
    """Return symmetric InfoNCE over a batch: each text must find its partner among those of all pairs.

    A pair yields a share of its target to its family, so that related questions come to lie nearer than strangers.
    """
    import torch

    size = relations.family.sum(1, keepdim=True)
    share = relations.share * (size > 0)
    target = (1 - share) * torch.eye(len(logits)) + share * relations.family / size.clamp(min=1)
    logits = logits.masked_fill(relations.same, _NEVER)
    across = torch.nn.functional.cross_entropy(logits, target, reduction="none")
    back = torch.nn.functional.cross_entropy(logits.T, target, reduction="none")
    loss: Tensor = ((across + back) * relations.weights).sum() / (2 * relations.weights.sum())
    return loss


def ranking(scores: Tensor, same: Tensor) -> Tensor:
    """Return the CoSENT loss: every pair that differs should score below every pair that means the same."""
    import torch

    gaps = scores[same == 0][:, None] - scores[same == 1][None, :]
    loss: Tensor = torch.logsumexp(torch.cat([torch.zeros(1), gaps.flatten()]), 0)
    return loss
