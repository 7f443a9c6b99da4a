// The ligands of the template in 3D: their atoms, the box that shows or hides them, and what is near them.

// Å from a ligand to the residues that a click on it selects.
export const NEAR = 5;
const NAMED = 4;

export class Ligands {
  // ``box`` is ticked to show them; its label says which they are.
  constructor(box) {
    this.box = box;
    this.label = box.parentElement;
    this.label.classList.add("esm-ligands");
    this.label.hidden = true;
    this.all = [];
  }

  // Of a scene that was built anew: ``named`` are [label, number of atoms], ``model`` is 3Dmol's, if there is one.
  read(named, model) {
    this.named = named;
    this.model = model;
    this.shown = true;
    this.all = model ? model.selectedAtoms({}) : [];
    const owners = named.flatMap(([name, size]) => Array(size).fill(name));
    for (const atom of this.all) atom.ligand = owners[atom.index];
    this.label.hidden = !model;
    this.box.nextSibling.textContent = this.names();
  }

  // Those that can be pointed at.
  get atoms() {
    return this.shown ? this.all : [];
  }

  restyle(on) {
    this.box.checked = on;
    if (!this.model || on === this.shown) return;
    this.shown = on;
    if (on) this.model.show();
    else this.model.hide();
  }

  names() {
    const names = [...new Set(this.named.map(([label]) => label.slice(0, label.lastIndexOf(" "))))];
    const more = names.length - NAMED;
    return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  }

  // Residues of which one of these atoms is near the ligand of this name.
  around(ligand, atoms) {
    const its = this.all.filter((atom) => atom.ligand === ligand);
    const near = (a) => its.some((b) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2 <= NEAR ** 2);
    return [...new Set(atoms.filter(near).map((atom) => atom.position))];
  }
}
