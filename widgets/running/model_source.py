"""ModelSource: the model of a bench, loaded when a thread first needs it."""

import os
from threading import RLock
from typing import TYPE_CHECKING, Any

from ..messages import describe
from ..state import BenchState

if TYPE_CHECKING:
    from workbench.model.model import Model


class ModelSource:
    """``model`` is a name or folder, or a model already loaded."""

    def __init__(self, state: BenchState, model: Any, device: str | None = None) -> None:
        self._state = state
        self._model, self._device = model, device
        self._lock = RLock()

    @property
    def loaded(self) -> bool:
        """Whether the model is at hand."""
        return not isinstance(self._model, str | os.PathLike)

    @property
    def name(self) -> str:
        """What was asked for."""
        return str(self._model) if not self.loaded else self._model.name

    def load(self) -> "Model":
        """The model, which is the session's from now on."""
        with self._lock:
            if not self.loaded:
                import torch

                from workbench import load_model

                torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
                self._model = load_model(str(self._model), device=self._device)
                self._state.update(model=describe(self._model))
            self._state.session.model = self._model
            return self._model

    def load_for_run(self) -> None:
        """Have the model, and say so while it takes a while."""
        if self.loaded:
            self.load()
            return
        before, says = self._state.run, f"loading {self.name}"
        self._state.update(run=before.with_(phase="loading", message=says))
        self.load()
        self._state.update(run=before)
