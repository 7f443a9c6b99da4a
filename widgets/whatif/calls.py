"""WhatIfCalls: the calls of a bench that ask the model what if; each returns its answer."""

from typing import TYPE_CHECKING

from workbench.prompt import Where
from workbench.tracks import Track
from workbench.whatif.asking import METHODS

from .what_if import WhatIf

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from workbench.whatif.alternatives import Alternatives


class WhatIfCalls:
    """What a bench asks of the prompt or the result on view."""

    _what_if: WhatIf

    def alternatives(
        self, where: Where | None = None, track: Track | str = Track.SEQUENCE
    ) -> "Alternatives":
        """The model's probabilities at these residues, or those selected, under what is on view."""
        return self._what_if.alternatives(where, track)

    def landscape(self, where: Where | None = None, method: str = METHODS[0]) -> "pd.DataFrame":
        """Log-odds of every mutation of what is on view, one row per residue.

        ``method`` is masked-marginal or, in one pass, wild-type-marginal. Of all residues (None) it
        is drawn under Mutations too. ``workbench.landscape`` says what the columns are.
        """
        return self._what_if.landscape(where, method)

    def why(self, where: Where | None = None) -> "pd.DataFrame":
        """How much each track and annotation speaks for these residues, or those selected."""
        return self._what_if.why(where)

    def couplings(self, where: Where | None = None) -> "np.ndarray":
        """How strongly every two residues depend on each other; of all they are drawn too."""
        return self._what_if.couplings(where)
