// What we use of plotly.

export type PlotlyEvent = { points: { pointNumber: number; customdata?: string }[] } | undefined;

/** An element that plotly has drawn in. */
export type PlotlyElement = HTMLElement & {
  data?: { customdata?: string[] }[];
  on(event: string, listener: (event: PlotlyEvent) => void): void;
};

declare global {
  var Plotly: {
    react(el: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
    purge(el: HTMLElement): void;
    Fx: { hover(el: HTMLElement, points: { curveNumber: number; pointNumber: number }[]): void };
  };
}
