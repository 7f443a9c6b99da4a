"""What a session holds, as text for whoever cannot see the bench."""

import numpy as np

from ..findings import lint
from ..prompt import Prompt, State
from ..selection import format_selection
from ..session import Session
from ..tracks import Track

NEWEST = 5
"""Most designs and history steps in a description: the newest."""
_SAID = {State.GIVEN: "given", State.MASKED: "masked", State.SAMPLED: "sampled", State.NONE: "none"}


def described(session: Session, *more: str) -> str:
    """Protein, tracks, findings, history and designs; ``more`` are lines that follow the first."""
    prompt = session.prompt
    template = prompt.template
    chains = ", ".join(
        f"{template.chain_id[start]} {template.label(start)} to {template.label(stop - 1)}"
        for start, stop in template.chain_ranges
    )
    lines = [f"{template.name or 'unnamed protein'}: {len(prompt)} residues, chains {chains}"]
    lines += [f"note: {note}" for note in template.notes]
    lines += more
    lines += ["", "Prompt (positions in the file's numbering; _ is masked):"]
    lines += [f"- {track.value}: {states_of(prompt, track)}" for track in Track]
    lines += [f"- letters: {''.join(prompt.sequence)}", f"- SS8: {''.join(prompt.ss8)}"]
    findings = lint(prompt)
    lines += ["", "Findings:", *(f"- {finding}" for finding in findings or ("none",))]
    lines += ["", f"History: {' | '.join(session.history[-NEWEST:])}"]
    lines += ["", f"Designs: {len(session.designs)}"]
    for design in session.designs[-NEWEST:]:
        sequence = design.protein.sequence
        origin = f"recipe {design.recipe}, seed {design.seed}"
        origin = design.status if design.is_control else origin
        remark = session.remarks.get(design.name)
        remark_text = f", {remark}" if remark else ""
        lines.append(f"- {design.name}: {origin}, {sequence}{remark_text}")
    return "\n".join(lines)


def states_of(prompt: Prompt, track: Track) -> str:
    """How many residues are given, masked and so on, and which are masked or sampled."""
    states, template = prompt.state(track), prompt.template
    parts = []
    for state, word in _SAID.items():
        at = np.flatnonzero(states == state)
        if not len(at):
            continue
        named = state in (State.MASKED, State.SAMPLED) and len(at) < len(prompt)
        parts.append(
            f"{len(at)} {word}" + (f" ({format_selection(at, template)})" if named else "")
        )
    return ", ".join(parts)
