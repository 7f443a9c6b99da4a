// What every view knows: its model, the line between views, ranges of residues, colours.

/** Residues [start, stop), 0-based. */
export type Range = [start: number, stop: number];

export interface Listening {
  signal?: AbortSignal;
}

/** A widget's model: traits come in, messages go out; the browser never writes a trait. */
export interface Model<Traits, Sent, Heard = never> {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  on(event: `change:${keyof Traits & string}`, listener: () => void, options?: Listening): void;
  on(
    event: "msg:custom",
    listener: (message: Heard, buffers: DataView<ArrayBuffer>[]) => void,
    options?: Listening,
  ): void;
  send(message: Sent, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  widget_manager?: Manager;
}

/** JupyterLab's side of the models. */
export interface Manager {
  has_model?(id: string): boolean;
  get_model?(id: string): Promise<DeafModel> | undefined;
}

export interface DeafModel {
  comm?: { on_msg(listener: (message: unknown) => void): void };
}

export interface LiveTraits {
  own_id: string;
  pushes: number;
}

/** Asks for everything again, unless this push was the last. */
export interface Hello {
  type: "hello";
  pushes: number;
}

export interface PointingTraits {
  hovered: number;
}

export interface Hover {
  type: "hover";
  position: number;
}

/** What anywidget hands to a module's ``render``. */
export interface Rendering<M> {
  model: M;
  el: HTMLElement;
  signal: AbortSignal;
}

/** A view of a whole bench, and how a front end has one widget draw another. */
export type WholeArea = "header" | "tracks" | "structure" | "tabs" | "whatif" | "run" | "designs";
export type WholeModel = Model<Record<WholeArea | "card" | "figure", string | null>, never, never>;
export interface WidgetHost {
  getWidget(reference: string): Promise<{ render(place: { el: HTMLElement; signal: AbortSignal }): Promise<void> }>;
}

/** Events of the line between the views of one bench. */
export interface BusEvents {
  hover: number;
  select: Range[];
  cell: CellPlace | null;
}

/** A cell of the tracks that is pointed at, or was called for by key, and where it lies on the page. */
export interface CellPlace {
  row: number;
  position: number;
  /** The residue by its chain and number. */
  label: string;
  left: number;
  bottom: number;
  called?: boolean;
}

export interface Theme {
  bg: string;
  panel: string;
  fg: string;
  muted: string;
  line: string;
  given: string;
  structure: string;
  sampled: string;
  hatch: string;
  accent: string;
  select: string;
  exposed: string;
  warn: string;
  template: string;
  compared: string;
  against: string;
  dark: boolean;
}
