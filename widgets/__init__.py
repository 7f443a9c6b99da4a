"""The workbench's views for Jupyter: ``Bench`` is all that a notebook needs; ``CampaignView``
shows many designs coming in.
"""

from importlib import import_module
from threading import Thread

from .app import Bench
from .campaign_view import CampaignView

__all__ = ["Bench", "CampaignView"]

# Opening a protein needs it, and a person takes longer to type what to open.
Thread(target=import_module, args=("mdtraj",), daemon=True).start()
