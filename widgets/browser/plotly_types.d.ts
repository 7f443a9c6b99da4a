// What we use of plotly.

/** Where something happened: the trace, and the place in it. */
export interface PlotlyPoint {
  curveNumber: number;
  pointNumber: number;
  x: number;
  y: number;
  customdata?: string;
}

/** A drag has the range that it went over, in the units of the axes that it was begun in. */
export type PlotlyEvent = { points: PlotlyPoint[]; range?: { x?: number[]; x2?: number[] } } | undefined;

/** An element that plotly has drawn in. */
export type PlotlyElement = HTMLElement & {
  data?: { x?: ArrayLike<unknown>; customdata?: string[] }[];
  on(event: string, listener: (event: PlotlyEvent) => void): void;
};

declare global {
  var Plotly: {
    react(el: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
    purge(el: HTMLElement): void;
    Fx: { hover(el: HTMLElement, points: { curveNumber: number; pointNumber: number }[]): void };
  };
}
