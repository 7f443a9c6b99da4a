"""The workbench's views for Jupyter: ``Bench`` is all that a notebook needs; ``CampaignView``
shows many designs coming in, ``portraits`` proteins side by side as still pictures.
"""

from importlib import import_module
from threading import Thread

import workbench

try:
    import workbench.clash
except ImportError:
    raise ImportError(
        f"another 'workbench' hides that of esm3-workbench: {workbench}; rename that folder, start "
        "Python elsewhere, or uninstall one of the two"
    ) from None

from .bench import Bench
from .campaign_view import CampaignView
from .sharing.portraits import portraits

__all__ = ["Bench", "CampaignView", "portraits"]

# Opening a protein needs it, and a person takes longer to type what to open.
Thread(target=import_module, args=("mdtraj",), daemon=True).start()
