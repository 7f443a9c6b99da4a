"""StructureView: the protein in 3D, moved in place from step to step with the camera kept.

Model 0 is what is on view: the prompt's own coordinates, or a result. A prompt that has the
template's coordinates shows its masked residues in grey where the template has them; behind one
with others, and behind a result, the template is a model of its own. Then come a second design to
compare and the template's ligands. Residues whose structure is given are drawn as sticks too;
colours fade towards the background where a step is unsure of the structure. Python decides colours;
the browser keeps the camera, and draws steps that fly by as a line where it has no graphics card.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import traitlets
from jaxtyping import Bool

from workbench.constants import CA, RESIDUE_NAMES, SS8_TO_SS3
from workbench.contacts import hydrogen_bonds
from workbench.errors import PromptError, WorkbenchError
from workbench.geometry import superpose
from workbench.metrics.agreement import folded_sasa, ss8_of
from workbench.neighbours import NEAR
from workbench.placement import fits
from workbench.prompt import Prompt, State
from workbench.protein import Protein, known_atoms, same_residues
from workbench.session.camera import camera_of
from workbench.tracks import Track

from .. import palette
from ..axis import positions_of, ranges_of
from ..browser import loader
from ..browser.style import style
from ..state import BenchState
from ..tracks.edits import Edits
from ..tracks.spec import MASKED_TOGETHER
from ..view import BenchView, Buffer
from . import scene

MODES = (
    ("plddt", "Confidence"),
    ("structure", "Prompt state: structure"),
    ("sequence", "Prompt state: sequence"),
    ("ss8", "Secondary structure"),
    ("sasa", "Accessible area"),
    ("entropy", "Entropy"),
    ("chain", "Chain"),
)
RIBBON = {"H": "h", "E": "s", "C": "c"}
TEMPLATE_SHARE = 0.6
"""How much of their grey residues keep that stand where the template has them."""

FAINTEST = 0.3
"""How much of its colour a residue keeps when nobody knows its structure."""


class StructureView(BenchView):
    """The live 3D view; ``mode`` is one of ``MODES``. Without ``edits`` it masks nothing; ``fold``
    fills it where there is nothing to see.
    """

    _esm = loader.linked_with_3dmol("structure/view.js")
    _css = style("structure/view.css")

    scene = traitlets.Dict().tag(sync=True)
    coordinates = Buffer()
    colors = Buffer()
    fade = Buffer()
    motif = traitlets.List().tag(sync=True)
    ribbon = traitlets.Unicode().tag(sync=True)
    legend = traitlets.List().tag(sync=True)
    modes = traitlets.List([list(mode) for mode in MODES]).tag(sync=True)
    mode = traitlets.Unicode(MODES[0][0]).tag(sync=True)
    template = traitlets.Bool(True).tag(sync=True)
    ligands = traitlets.Bool(True).tag(sync=True)
    sidechains = traitlets.Bool(True, help="whether the selection has sticks").tag(sync=True)
    bonds = traitlets.Bool(False, help="whether hydrogen bonds are drawn").tag(sync=True)
    bonded = Buffer()
    surface = traitlets.Float(0.0, help="opacity of the surface, 0 to 1; 0: none").tag(sync=True)
    chains = traitlets.List(help="names of the chains on view").tag(sync=True)
    hidden = traitlets.List(help="names of the chains that are not drawn").tag(sync=True)
    camera = traitlets.List(help="where to look from at first; empty: from the widest side").tag(
        sync=True
    )
    selection = traitlets.List().tag(sync=True)
    hovered = traitlets.Int(-1).tag(sync=True)
    letters = traitlets.Unicode(help="residue of each position, as on view").tag(sync=True)
    plddt = Buffer()
    names = traitlets.Dict(RESIDUE_NAMES).tag(sync=True)
    elements = traitlets.Dict(palette.ELEMENTS, help="colours of atoms by element").tag(sync=True)
    near = traitlets.Float(NEAR, help="Å from a ligand to what a click on it selects").tag(
        sync=True
    )
    bus = traitlets.Unicode().tag(sync=True)

    moving = traitlets.Bool(False).tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        state: BenchState,
        edits: Edits | None = None,
        fold: Callable[[], object] | None = None,
    ) -> None:
        self._edits = edits
        self._fold = fold
        self._shown: Protein | None = None
        self._beside: list[list[str]] = []
        self._atoms: scene.DrawnAtoms | None = None
        super().__init__(state, bus=str(id(state)), live=edits is not None)
        self._draw(None)
        self._mark(None)
        state.observe(self._draw, ["revision", "frame", "compared", "dark"])
        state.observe(self._rested, ["run", "follows"])
        state.observe(self._mark, ["selection", "hovered", "frame", "revision"])

    # -- state out -------------------------------------------------------------------------------

    def _draw(self, _: object) -> None:
        frame = self._state.frame
        prompt = self._state.prompt if frame is None else frame.prompt
        protein, template, sampled = self._protein(), prompt.template, frame is not None
        plain = self._state.passing or not scene.has_side_chains(protein)
        atoms = scene.DrawnAtoms.of(protein, backbone=sampled and plain)
        values: dict[str, Any] = {"coordinates": atoms.coordinates(protein).tobytes()}
        has_atoms = len(atoms.owner) > 0
        apart = sampled or not fits(template, prompt.own_coordinates)
        beside = template if has_atoms and apart and template.has_backbone.any() else None
        other = self._other(protein) if has_atoms else None
        compared = "" if other is None else f"+{id(self._state.compared)}"
        key = (
            f"{atoms.key}{'' if beside is None else '+template'}{scene.key_of(template)}{compared}"
        )
        if key != self.scene.get("key"):
            values["scene"] = {
                "key": key,
                "name": template.name,
                "calls": scene.build(protein, atoms, beside, other, template.ligands).calls
                if has_atoms
                else [],
                "owner": atoms.owner.tolist(),
                "template": 1 if beside is not None else 0,
                "other": (1 if beside is None else 2) if other is not None else 0,
                "ligands": [[str(ligand), len(ligand.elements)] for ligand in template.ligands],
                "labels": [template.label(i) for i in range(len(template))],
            }
        self._shown, self._atoms = protein, atoms
        overlaid = beside is not None and self.template
        self._beside = [[self._template_color, "template"]] if overlaid else []
        if other is not None and self._state.compared is not None:
            self._beside.append(["var(--b-compared)", self._state.compared.title])
        values["moving"] = self._state.passing
        values["chains"] = list(dict.fromkeys(protein.chains))
        values["bonded"] = self._bonded()
        if template.name != self.scene.get("name"):
            values |= {"camera": list(self._state.camera), "hidden": []}
        self.push(**values, **self._paint(protein), fade=self._fade(), motif=self._motif())

    @property
    def _template_color(self) -> str:
        return palette.themed("template", self._state.dark)

    def _bonded(self) -> bytes:
        """Numbers of the atoms of each hydrogen bond, in pairs, while these are drawn."""
        protein, atoms = self._shown, self._atoms
        unseen = self.live and not self.bonds  # a page has them from the start
        if unseen or self._state.passing or protein is None or atoms is None:
            return b""
        bonds_shown = hydrogen_bonds(protein)
        donors = atoms.numbers([(bond.donor, bond.donor_atom) for bond in bonds_shown])
        acceptors = atoms.numbers([(bond.acceptor, bond.acceptor_atom) for bond in bonds_shown])
        pairs = np.stack([donors, acceptors], axis=-1).reshape(-1, 2)
        return pairs[(pairs >= 0).all(-1)].astype(np.float32).tobytes()

    def _rested(self, _: object) -> None:
        shown, passing = self._shown, self._state.passing
        if self.moving == passing:
            return
        if not passing and shown is not None and scene.has_side_chains(shown):
            self._draw(None)
        else:
            self.push(moving=passing)

    def _other(self, protein: Protein) -> Protein | None:
        """The design to compare, laid over the residues of the same names on view."""
        compared = self._state.compared
        if compared is None or compared.protein is None:
            return None
        other = compared.protein
        own, theirs = same_residues(protein, other)
        target = np.full_like(other.coordinates, np.nan)
        target[theirs] = protein.coordinates[own]
        return other.with_(coordinates=superpose(other.coordinates, target))

    def _fade(self) -> bytes:
        frame = self._state.frame
        if frame is None:
            opacity = np.where(self._of_template, TEMPLATE_SHARE, 1.0)
            return np.round(255 * opacity).astype(np.uint8).tobytes()
        if not np.isfinite(frame.structure_probability).any():
            return b""
        opacity = FAINTEST + (1 - FAINTEST) * np.clip(
            np.nan_to_num(frame.structure_probability, nan=1.0), 0, 1
        )
        return np.round(255 * opacity).astype(np.uint8).tobytes()

    def _motif(self) -> list[list[int]]:
        """Ranges whose structure is given, where the rest is not."""
        frame = self._state.frame
        subject = self._state.prompt if frame is None else frame.prompt
        given = subject.state(Track.STRUCTURE) == State.GIVEN
        if given.all():
            return []
        return ranges_of(tuple(np.flatnonzero(given).tolist()))

    @property
    def _of_template(self) -> Bool[np.ndarray, " length"]:
        """Residues of the prompt on view that stand where the template has them, being masked."""
        prompt = self._state.prompt
        own = known_atoms(prompt.own_coordinates).any(-1)
        return np.asarray(known_atoms(prompt.structure.coordinates).any(-1) & ~own)

    def _protein(self) -> Protein:
        """What is on view: the prompt, or a result laid over what was given or the template."""
        frame = self._state.frame
        if frame is None or frame.protein is None:
            prompt = self._state.prompt if frame is None else frame.prompt
            if self.template or not fits(prompt.template, prompt.own_coordinates):
                return prompt.structure
            return prompt.template.with_(coordinates=prompt.own_coordinates)
        subject = frame.prompt
        given, target = subject.has_backbone, subject.own_coordinates
        if (given & known_atoms(target)[:, CA]).sum() < 3:
            target = subject.template.coordinates
        moved = superpose(frame.protein.coordinates, target)
        return frame.protein.with_(coordinates=moved)

    def _paint(self, protein: Protein) -> dict[str, Any]:
        ss8 = ss8_of(protein)
        grey = self._of_template if self._state.frame is None else np.zeros(len(protein), bool)
        drawn = known_atoms(protein.coordinates)[:, CA] & ~grey
        colors, legend = self._colored(protein, ss8, drawn)
        if grey.any():
            template = palette.rgb(self._template_color)
            colors = np.where(grey[:, None], template, colors).astype(np.uint8)
            legend = [*legend, [self._template_color, "template"]]
        legend = [*legend, *(entry for entry in self._beside if entry not in legend)]
        ribbon = "".join(RIBBON[SS8_TO_SS3.get(letter, "C")] for letter in ss8)
        return {
            "colors": colors.tobytes(),
            "legend": legend,
            "ribbon": ribbon,
            "letters": protein.sequence,
            "plddt": _percent(protein),
        }

    def _colored(
        self, protein: Protein, ss8: str, drawn: Bool[np.ndarray, " length"]
    ) -> tuple[palette.Colors, list]:
        frame, prompt = self._state.frame, self._state.prompt
        mode, confidence = self.mode, protein.confidence
        if mode == "plddt" and confidence is not None:
            names = [[color, name] for _, color, name in palette.PLDDT_BANDS]
            return palette.plddt_colors(confidence.plddt * 100), names
        mode = "structure" if mode == "plddt" else mode
        if mode in ("structure", "sequence"):
            shown = prompt if frame is None else frame.filled
            return self._state_colored(Track(mode), shown, drawn)
        if mode == "ss8":
            names = [[palette.SS8_COLORS[c], palette.SS8_TITLES[c]] for c in "HEGTSC"]
            return palette.ss8_colors(ss8), names
        if mode == "sasa":
            areas = self._areas(protein)
            return palette.scale_colors(areas / palette.AREA_TOP), _scale("buried", "exposed")
        if mode == "entropy":
            entropy = np.full(len(protein), np.nan) if frame is None else frame.entropy
            top = 1.0 if frame is None else frame.entropy_top
            return palette.scale_colors(entropy / top), _scale("sure", "open")
        names = [
            [palette.CHAIN_COLORS[k % len(palette.CHAIN_COLORS)], f"chain {name}"]
            for k, name in enumerate(protein.chains)
        ]
        return palette.chain_colors(protein.chain_ranges), names

    def _areas(self, protein: Protein) -> np.ndarray:
        """Of a result what its coordinates have; while it flies by, what is filled so far."""
        frame = self._state.frame
        if frame is not None and self._state.passing:
            return frame.filled.sasa
        return protein.sasa if frame is None else folded_sasa(frame.protein or protein)

    @staticmethod
    def _state_colored(
        track: Track, shown: Prompt, drawn: Bool[np.ndarray, " length"]
    ) -> tuple[palette.Colors, list]:
        """Colours by state, and the names of those that some residue is drawn in."""
        row = shown.state(track)
        names = [
            [palette.STATE_COLORS[state], f"{track.value} {state.name.lower()}"]
            for state in State
            if (drawn & (row == state)).any()
        ]
        return palette.state_colors(row), names

    def _mark(self, _: object) -> None:
        self.push(selection=ranges_of(self._state.marked), hovered=self._state.hovered)

    # -- intent in -------------------------------------------------------------------------------

    def color_by(self, mode: str) -> None:
        """Colour by one of ``MODES``."""
        known = [name for name, _ in MODES]
        if mode not in known:
            raise WorkbenchError(f"cannot colour by {mode!r}; use {', '.join(known)}")
        self.push(mode=mode)
        if self._shown is not None:
            self.push(**self._paint(self._shown))

    def on_mode(self, mode: str) -> None:
        """Colour by another quantity."""
        self.color_by(mode)

    def on_fold(self) -> None:
        """Fill an empty view."""
        if self._fold is not None:
            self._fold()

    def on_template(self, on: bool) -> None:
        """Show or hide the template."""
        self.push(template=on)
        self._draw(None)

    def on_ligands(self, on: bool) -> None:
        """Show or hide the ligands."""
        self.push(ligands=on)

    def on_sidechains(self, on: bool) -> None:
        """Show or hide the side chains of the selection."""
        self.push(sidechains=on)

    def on_bonds(self, on: bool) -> None:
        """Show or hide hydrogen bonds: those of the selection, or all where nothing is selected."""
        self.push(bonds=on)
        self.push(bonded=self._bonded())

    def on_surface(self, opacity: float) -> None:
        """Show a surface of this opacity, 0 to 1, or none at 0."""
        if not 0 <= opacity <= 1:
            raise WorkbenchError(f"a surface of opacity {opacity}; give a number from 0 to 1")
        self.push(surface=float(opacity))

    def on_hidden(self, chains: list[str]) -> None:
        """Leave these chains out of the picture."""
        self.push(hidden=[name for name in self.chains if name in chains])

    def on_camera(self, view: list[float]) -> None:
        """Note where the structure is looked at from, as eight numbers."""
        camera = camera_of(view)
        self._state.look_from(camera)
        self.push(camera=list(camera))

    def on_select(self, ranges: list[list[int]]) -> None:
        """Select these half-open ranges."""
        self._state.mark(positions_of(ranges))

    def on_mask(self) -> None:
        """Leave sequence and structure of the selected residues to the model."""
        ranges = ranges_of(self._state.marked)
        if not ranges:
            raise PromptError("no residue is selected; click residues or draw a box around them")
        if (edits := self._edits) is not None:
            commands = [
                {"op": "mask", "tracks": MASKED_TOGETHER, "start": start, "stop": stop}
                for start, stop in ranges
            ]
            edits.ask(lambda: edits.paint(commands))

    def on_hover(self, position: int) -> None:
        """Point at a residue."""
        self._state.hover(position)


def _percent(protein: Protein) -> bytes:
    """pLDDT, 0–100, as float32; NaN where there is none."""
    if protein.confidence is None:
        return np.full(len(protein), np.nan, np.float32).tobytes()
    return np.round(100 * np.asarray(protein.confidence.plddt)).astype(np.float32).tobytes()


def _scale(low: str, high: str) -> list:
    names = [low, *[""] * (len(palette.CIVIDIS) - 2), high]
    return [[color, name] for color, name in zip(palette.CIVIDIS, names, strict=True)]
