// What the 3D view's model holds and says, and the part of 3Dmol that it uses.

import type { Hello, Hover, LiveTraits, Model, PointingTraits, Range } from "../browser/types";

declare global {
  /** The vendored 3Dmol, which the loader puts before the module. */
  const threedmol: Promise<ThreeDmol>;
}

export interface Point {
  x: number;
  y: number;
  z: number;
}

export interface Spot {
  x: number;
  y: number;
}

/** An atom of 3Dmol; ``position`` (of its residue) and ``ligand`` are ours. */
export interface Atom extends Point {
  index: number;
  atom: string;
  elem: string;
  chain: string;
  ss?: string;
  ssbegin?: boolean;
  ssend?: boolean;
  position?: number;
  ligand?: string;
}

export interface DrawnModel {
  selectedAtoms(of: { atom?: string }): Atom[];
  setStyle(of: { index?: number[]; chain?: string[] }, style: object, add?: boolean): void;
  show(): void;
  hide(): void;
}

export interface Viewer {
  render(): void;
  show(): void;
  resize(): void;
  zoom(factor: number): void;
  zoomTo(of: { predicate(atom: Atom): boolean }): void;
  getView(): number[];
  setView(view: number[]): void;
  getModel(number: number): DrawnModel;
  removeAllModels(): void;
  removeAllShapes(): void;
  removeShape(shape: object): void;
  addSphere(sphere: object): object;
  addCylinder(cylinder: object): object;
  addLabel(text: string, looks: object): object;
  removeLabel(label: object): void;
  addSurface(kind: string, style: object, of: { model: number; predicate(atom: Atom): boolean }): { surfid: number };
  setSurfaceMaterialStyle(number: number, style: object): void;
  removeSurface(number: number): void;
  modelToScreen(points: Point[]): Spot[];
  canvasOffset(): { left: number; top: number };
  setBackgroundColor(color: string): void;
  pngURI(): string;
  renderer: { isLost(): boolean };
  scene: { updateMatrixWorld(): void };
  camera: { updateMatrixWorld(): void };
  divwatcher?: ResizeObserver;
}

export interface ThreeDmol {
  setSyncSurface(on: boolean): void;
  createViewer(stage: HTMLElement, options: object): Viewer;
}

/** A py3Dmol call that the view replays. */
export type Call = [method: string, args: unknown[]];

export interface Scene {
  key?: string;
  name?: string;
  calls?: Call[];
  owner?: number[];
  labels?: string[];
  template?: number;
  other?: number;
  ligands?: [label: string, atoms: number][];
}

export interface StructureTraits extends LiveTraits, PointingTraits {
  scene: Scene;
  coordinates: DataView | null;
  colors: DataView | null;
  fade: DataView | null;
  motif: Range[];
  ribbon: string;
  letters: string;
  plddt: DataView | null;
  names: Record<string, string>;
  /** Colours of atoms by element, and Å from a ligand to what a click on it selects. */
  elements: Record<string, string>;
  near: number;
  legend: [color: string, name: string][];
  modes: [value: string, title: string][];
  mode: string;
  template: boolean;
  ligands: boolean;
  sidechains: boolean;
  bonds: boolean;
  /** Numbers of the atoms of each hydrogen bond, in pairs. */
  bonded: DataView | null;
  surface: number;
  chains: string[];
  hidden: string[];
  camera: number[];
  selection: Range[];
  bus: string;
  moving: boolean;
  live: boolean;
}

export type StructureMessage =
  | Hello
  | Hover
  | { type: "mode"; mode: string }
  | { type: "template"; on: boolean }
  | { type: "ligands" | "sidechains" | "bonds"; on: boolean }
  | { type: "surface"; opacity: number }
  | { type: "hidden"; chains: string[] }
  | { type: "camera"; view: number[] }
  | { type: "select"; ranges: Range[] }
  | { type: "mask" | "fold" };

export type StructureModel = Model<StructureTraits, StructureMessage>;

/** What lies under the pointer. */
export type Under = { position?: number; ligand?: string };

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A chain to draw as a line; ``color`` gives 0xrrggbb. */
export interface Line {
  alphas: Atom[];
  color(atom: Atom): number;
  thin?: boolean;
}

export type Rgb = ArrayLike<number>;
