"""The workbench's views for Jupyter: ``Bench`` is all that a notebook needs; ``CampaignView``
shows many designs coming in.
"""

from .app import Bench
from .campaign_view import CampaignView

__all__ = ["Bench", "CampaignView"]
