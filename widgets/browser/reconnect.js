// anywidget gives a module two seconds to load; on a busy machine it takes longer, and from then on the
// model drops every update. ``reconnect`` makes it hear the kernel again and, for our own views, says
// which push it heard last: what it missed is sent again. A model that has gone meanwhile is left alone.

/** @import { Hello, LiveTraits, Model } from "./types" */

/**
 * The model as a view uses it. What is sent when the kernel has gone or starts anew is dropped: the channel
 * is closed, and the bench says so or is drawn again.
 * @template {Model<any, any, any>} M
 * @param {M} model @returns {M}
 */
export function connected(model) {
  /** @type {M["send"]} */
  const send = (message, callbacks, buffers) => {
    try {
      model.send(message, callbacks, buffers);
    } catch (error) {
      console.info(`not sent, the kernel has gone: ${error}`);
    }
  };
  const view = Object.create(model, { send: { value: send } });
  reconnect(view);
  return view;
}

/** @param {Model<LiveTraits, Hello, any>} model */
export async function reconnect(model, id = model.get("own_id"), ask = true) {
  const manager = model.widget_manager;
  if (manager?.has_model?.(id) === false) return;
  const deaf = await manager?.get_model?.(id);
  const handle = deaf && inherited(deaf, "_handle_comm_msg");
  if (handle) deaf.comm?.on_msg(handle.bind(deaf));
  if (ask) model.send({ type: "hello", pushes: model.get("pushes") });
}

/**
 * The method of this name that anywidget's own overrides.
 * @param {object} object @param {string} name @returns {((message: unknown) => void) | undefined}
 */
function inherited(object, name) {
  const methods = [];
  for (let prototype = Object.getPrototypeOf(object); prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (Object.hasOwn(prototype, name)) methods.push(prototype[name]);
  }
  return methods[1];
}
