import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../load.mjs";

const { connected, reconnect } = await load("browser/reconnect.js");

class Base {
  _handle_comm_msg(message) {
    this.heard = message;
  }
}

class Deaf extends Base {
  _handle_comm_msg() {
    throw new Error("never ready");
  }
}

test("a model whose module came too late hears the kernel again and says what it heard", async () => {
  const real = new Deaf();
  real.comm = { on_msg: (callback) => (real.comm.callback = callback) };
  const sent = [];
  const model = {
    get: (name) => ({ own_id: "me", pushes: 7 })[name],
    send: (message) => sent.push(message),
    widget_manager: { get_model: async () => real },
  };
  await reconnect(model);
  real.comm.callback("update");
  assert.equal(real.heard, "update");
  assert.deepEqual(sent, [{ type: "hello", pushes: 7 }]);
});

test("a model that has gone is not asked for", async () => {
  const request = [];
  const model = {
    get: () => "me",
    send: (message) => request.push(message),
    widget_manager: { has_model: () => false, get_model: async (id) => request.push(id) },
  };
  await reconnect(model, "gone", false);
  assert.deepEqual(request, []);
});

test("a page without a widget manager is left alone", async () => {
  const sent = [];
  await reconnect({ get: () => "me", send: (message) => sent.push(message) });
  assert.equal(sent.length, 1);
});

test("what is sent to a kernel that has gone is dropped, also by a view that waited", async () => {
  const sent = [];
  const model = {
    gone: true,
    get: (name) => ({ own_id: "me", pushes: 3 })[name],
    send(...message) {
      if (this.gone) throw new Error("Cannot send");
      sent.push(message);
    },
  };
  const view = connected(model);
  view.send({ type: "undo" });
  await new Promise(setImmediate);
  assert.deepEqual(sent, []);
  model.gone = false;
  view.send({ type: "redo" }, undefined, ["buffer"]);
  assert.deepEqual(sent, [[{ type: "redo" }, undefined, ["buffer"]]]);
  assert.equal(view.get("pushes"), 3);
});
