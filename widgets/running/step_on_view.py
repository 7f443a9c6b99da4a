"""A step of a run or of a design, put on view."""

from collections.abc import Callable

from ..frame import Frame
from ..state import BenchState


def put_on_view(
    state: BenchState, index: int, awaited: Callable[[], bool], *, draft: bool = False
) -> bool:
    """Show the step of the design on view, or else of the run at hand; 0 is its prompt.

    A ``draft`` of its structure is there sooner. False where it is not ``awaited`` any more once it
    is there.
    """
    needs_pae = state.needs_pae and not state.run.active
    design, trajectory = state.viewed_design, state.session.trajectory
    on_view: dict[str, object] = {}
    if design is not None and design.run is not None:
        if index >= len(design.steps):
            frame = Frame.of_design(design)
        else:
            trajectory = state.session.trajectory_of(design)
            title = f"{design.name}, step {index}" if index else f"{design.name}, its prompt"
            frame = Frame.of(trajectory, index, needs_pae=needs_pae, draft=draft, title=title)
        on_view = {"frame": frame, "viewed_design": design}
    elif trajectory is not None:
        shown = min(index, len(trajectory.steps))
        at_prompt = index == 0 and trajectory.prompt is state.prompt
        title = "" if index else "the prompt of this run"
        frame = Frame.of(trajectory, shown, needs_pae=needs_pae, draft=draft, title=title)
        follows = index >= len(trajectory.steps) > 0
        on_view = {
            "frame": None if at_prompt else frame,
            "viewed_design": None,
            "follows": follows,
        }
    with state.lock:
        if not awaited():
            return False
        state.update(**on_view)
        return True
