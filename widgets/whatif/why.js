// Why: bars for what each track and annotation speaks for the residues asked about, and what one of them
// changes along the chain.

import { element, explain, focusIn } from "../browser/dom.js";
import { penOn } from "../browser/pen.js";
import { contains } from "../browser/ranges.js";
import { rowKey } from "../browser/row_keys.js";

/** @import { Along, Host, Panel, Why } from "./types" */

const CHANGES = 46;

/** @implements {Panel} */
export class WhyPanel {
  el = element("div", "esm-why");
  bars = element("div", "esm-why-bars");
  title = element("div", "esm-muted");
  canvas = element("canvas");
  /** The residue that the keys are at. */
  cell = 0;
  asks = true;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.bars.setAttribute("role", "group");
    this.bars.setAttribute("aria-label", "What speaks for these letters");
    this.canvas.setAttribute("role", "application");
    this.canvas.tabIndex = 0;
    this.canvas.dataset.lmSuppressShortcuts = "true";
    this.canvas.addEventListener("keydown", (event) => this.key(event), { signal: host.signal });
    this.el.append(this.bars, this.title, this.canvas);
    const { signal } = host;
    this.canvas.addEventListener("pointermove", (event) => this.point(event), { signal });
    this.canvas.addEventListener("pointerleave", () => host.hover(-1), { signal });
    this.canvas.addEventListener(
      "click",
      (event) => {
        const at = this.at(event);
        if (at >= 0 && this.why.along?.fits) host.select([[at, at + 1]]);
      },
      { signal },
    );
  }

  /** @returns {Why} */
  get why() {
    return this.host.model.get("why");
  }

  get stale() {
    return Boolean(this.why.stale);
  }

  words() {
    const { labels = [], letters = "" } = this.why;
    if (!labels.length) return "select residues and ask which tracks and annotations speak for their letters";
    const of =
      labels.length === 1 ? `${letters} at ${labels[0]}` : `${labels[0]} to ${labels[labels.length - 1]}, mean`;
    return `what speaks for ${of}: nats lost when it is left out`;
  }

  draw() {
    const { reasons, drops = [] } = this.why;
    const means = new Map(drops.map(([reason, nats]) => [reason, mean(nats)]));
    const most = Math.max(0.1, ...[...means.values()].map(Math.abs));
    this.bars.replaceChildren(...reasons.map((reason) => this.bar(reason, means.get(reason), most)));
    this.drawAlong();
  }

  /** @param {string} reason @param {number | undefined} nats @param {number} most */
  bar(reason, nats, most) {
    const line = element("button", "esm-why-bar");
    line.type = "button";
    line.dataset.reason = reason;
    const hint = `Show what ${reason} changes along the chain`;
    explain(line, hint, this.host.model.get("live") ? "" : "a shared page has no model to ask");
    const number = nats === undefined ? "" : `${nats > 0 ? "+" : ""}${nats.toFixed(2)}`;
    line.setAttribute("aria-label", `${reason} ${number || "not asked yet"}${number && " nats"}; ${hint}`);
    const track = element("span", "esm-why-room");
    const fill = element("span", nats !== undefined && nats < 0 ? "esm-why-against" : "esm-why-for");
    const share = nats === undefined ? 0 : Math.min(1, Math.abs(nats) / most) * 50;
    Object.assign(fill.style, { width: `${share}%`, left: nats !== undefined && nats < 0 ? `${50 - share}%` : "50%" });
    track.append(fill);
    line.append(element("span", "esm-why-name", reason), track, element("span", "esm-why-number", number));
    line.classList.toggle("esm-on", this.why.along?.reason === reason);
    line.addEventListener("click", () => this.host.model.send({ type: "ask", kind: "influence", reason }), {
      signal: this.host.signal,
    });
    return line;
  }

  drawAlong() {
    const { along } = this.why;
    this.canvas.hidden = this.title.hidden = !along;
    if (!along) return;
    const { theme, selection, hovered } = this.host;
    const width = this.el.clientWidth - 8;
    const most = Math.max(...along.nats, 1e-6);
    const top = along.nats.indexOf(Math.max(...along.nats));
    this.title.textContent = `What ${along.reason} changes along the chain, up to ${most.toFixed(2)} nats at ${along.labels[top]}`;
    this.canvas.setAttribute(
      "aria-label",
      `${this.title.textContent}. Arrows go from residue to residue, Enter selects.`,
    );
    const pen = penOn(this.canvas, width, CHANGES);
    const step = width / along.nats.length;
    for (const [i, nats] of along.nats.entries()) {
      const keyed = i === this.cell && focusIn(this.canvas) === this.canvas;
      const marked = keyed || (along.fits && (i === hovered || contains(selection, i)));
      pen.fillStyle = marked ? theme.select : theme.given;
      const height = Math.max(0.5, (nats / most) * (CHANGES - 2));
      pen.fillRect(i * step, CHANGES - height, Math.max(0.6, step - 0.5), height);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { along } = this.why;
    if (!along) return;
    const to = rowKey(event, this.cell, along.nats.length);
    if (to === null) return;
    if (event.key !== "Enter") {
      this.cell = to;
      if (along.fits) this.host.hover(to);
      this.host.say(this.residueWords(along, to));
      this.drawAlong();
    } else if (along.fits) this.host.select([[to, to + 1]]);
  }

  /** @param {Along} along @param {number} at */
  residueWords(along, at) {
    return `${along.labels[at]}: ${along.nats[at].toFixed(3)} nats`;
  }

  /** @param {MouseEvent} event */
  at(event) {
    const count = this.why.along?.nats.length ?? 0;
    const box = this.canvas.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * count);
    return at >= 0 && at < count ? at : -1;
  }

  /** @param {PointerEvent} event */
  point(event) {
    const at = this.at(event);
    const { along } = this.why;
    if (!along || at < 0) return;
    this.canvas.title = this.residueWords(along, at);
    if (along.fits) this.host.hover(at);
  }
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
