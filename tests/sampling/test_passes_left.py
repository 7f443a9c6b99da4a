"""How much of a run is still to come."""

from workbench.sampling.recipe import Recipe
from workbench.sampling.trajectory import Trajectory


def test_passes_left_count_those_of_a_stage_that_is_tried_again(model, prompt):
    gated = Recipe.parse("sequence:3(gate=plddt>0.999;retries=1),structure:2")
    run = Trajectory(model, prompt, gated)
    assert run.left == 5
    for expected in (4, 3, 5, 4, 3, 0):
        run.advance()
        assert run.left == expected
    assert run.done
