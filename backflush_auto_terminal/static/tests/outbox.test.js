import {ConnectionLostError, RPCError} from "@web/core/network/rpc";
import {
  FAILED,
  LOGGED_OUT,
  OtherUserError,
  POSTED,
  REFUSED,
  UNANSWERED,
  judge,
} from "@backflush_auto_terminal/logic/answers";
import {Outbox, getPause} from "@backflush_auto_terminal/logic/outbox";
import {describe, expect, test} from "@odoo/hoot";
import {Device} from "@backflush_auto_terminal/logic/device";
import {MemoryStorage} from "./helpers";

describe.current.tags("headless");

function makeError(name, message = "No", context = {}) {
  const error = new RPCError();
  error.exceptionName = name;
  error.data = {name, message, context};
  return error;
}

const SHORT = makeError("odoo.exceptions.UserError", "14 boards are missing", {
  backflush: {type: "shortage", components: []},
});

class Line {
  constructor(storage = new MemoryStorage(), scope = "db/2") {
    this.storage = storage;
    this.sent = [];
    this.settled = [];
    this.answers = [];
    this.time = 1000;
    this.waits = [];
    this.outbox = new Outbox({
      storage,
      scope,
      send: (item) => this.send(item),
      onSettled: (item, answer) => this.settled.push([item.reference, answer.outcome]),
      now: () => this.time,
      wait: (callback, pause) => this.waits.push([callback, pause]),
      stop: () => {},
    });
  }

  async send(item) {
    this.sent.push(item.reference);
    const answer = this.answers.shift();
    if (answer instanceof Error) {
      throw answer;
    }
    return answer || {id: this.sent.length};
  }
}

test("a report is kept before it is sent, and not after it is posted", async () => {
  const line = new Line();
  line.outbox.send = async (item) => {
    expect(line.outbox.waiting.map((it) => it.reference)).toEqual([item.reference]);
    return {id: 7};
  };
  const answer = await line.outbox.post({reference: "A", values: {quantity: 3}});
  expect(answer).toEqual({outcome: POSTED, result: {id: 7}});
  expect(line.outbox.items).toEqual([]);
  expect(line.settled).toEqual([["A", POSTED]]);
});

test("without an answer it waits, and is sent again under its reference", async () => {
  const line = new Line();
  line.answers = [new ConnectionLostError("/"), {id: 9}];
  expect((await line.outbox.post({reference: "A"})).outcome).toBe(UNANSWERED);
  expect(line.outbox.trouble).toBe(UNANSWERED);
  expect(line.outbox.waiting).toHaveLength(1);
  expect(line.waits.at(-1)[1]).toBe(2000);
  await line.outbox.flush();
  expect(line.sent).toEqual(["A"], {message: "it is not time yet"});
  line.time += 2000;
  await line.outbox.flush();
  expect(line.sent).toEqual(["A", "A"]);
  expect(line.outbox.items).toEqual([]);
  expect(line.outbox.trouble).toBe("");
});

test("pauses double, and have an end", () => {
  expect([1, 2, 3, 20].map(getPause)).toEqual([2000, 4000, 8000, 60000]);
});

test("what waits survives a reload, and goes out in its order", async () => {
  const storage = new MemoryStorage();
  const before = new Line(storage);
  before.answers = [new ConnectionLostError("/"), new ConnectionLostError("/")];
  await before.outbox.post({reference: "B"});
  await before.outbox.post({reference: "A"});
  const after = new Line(storage);
  expect(after.outbox.waiting).toHaveLength(2);
  await after.outbox.flush(true);
  expect(after.sent).toEqual(["B", "A"]);
  expect(storage.length).toBe(0);
});

test("after a lost connection the others are not tried", async () => {
  const line = new Line();
  line.answers = [new ConnectionLostError("/")];
  await line.outbox.post({reference: "A"});
  line.answers = [new ConnectionLostError("/")];
  await line.outbox.post({reference: "B"});
  expect(line.sent).toEqual(["A", "A"]);
});

test("what the server refuses is kept for a person and not sent again", async () => {
  const line = new Line();
  line.answers = [SHORT];
  const answer = await line.outbox.post({reference: "A"});
  expect(answer).toEqual({
    outcome: REFUSED,
    type: "shortage",
    message: "14 boards are missing",
    details: {components: []},
  });
  await line.outbox.flush(true);
  expect(line.sent).toEqual(["A"]);
  expect(line.outbox.refused[0].problem.message).toBe("14 boards are missing");
  line.outbox.discard("A");
  expect(line.outbox.items).toEqual([]);
});

test("a refused report lets the next one pass", async () => {
  const line = new Line();
  line.answers = [new ConnectionLostError("/")];
  await line.outbox.post({reference: "A"});
  line.answers = [SHORT, {id: 3}];
  const answer = await line.outbox.post({reference: "B"});
  expect(answer.outcome).toBe(POSTED);
  expect(line.settled).toEqual([
    ["A", REFUSED],
    ["B", POSTED],
  ]);
});

test("nobody sends what another user, or another database, keeps", async () => {
  const storage = new MemoryStorage();
  const mine = new Line(storage, "db/2");
  mine.answers = [new ConnectionLostError("/")];
  await mine.outbox.post({reference: "A"});
  for (const scope of ["db/3", "db/22", "other/2"]) {
    const theirs = new Line(storage, scope);
    await theirs.outbox.flush(true);
    expect(theirs.outbox.items).toEqual([]);
    expect(theirs.sent).toEqual([]);
  }
  expect(mine.outbox.waiting).toHaveLength(1);
});

test("where somebody else has logged in, it waits", async () => {
  const line = new Line();
  line.answers = [new OtherUserError()];
  expect((await line.outbox.post({reference: "A"})).outcome).toBe(LOGGED_OUT);
  expect(line.outbox.waiting).toHaveLength(1);
});

test("a device that cannot keep a report does not send it", async () => {
  const line = new Line();
  line.storage.setItem = () => {
    throw new Error("full");
  };
  await expect(line.outbox.post({reference: "A"})).rejects.toThrow("full");
  expect(line.sent).toEqual([]);
});

test("two at once are sent once each", async () => {
  const line = new Line();
  await Promise.all([
    line.outbox.post({reference: "A"}),
    line.outbox.post({reference: "B"}),
  ]);
  await line.outbox.flush(true);
  expect(line.sent.sort()).toEqual(["A", "B"]);
});

test("two tabs may both send a report: under one reference, and it is gone", async () => {
  const storage = new MemoryStorage();
  const first = new Line(storage);
  first.answers = [new ConnectionLostError("/")];
  await first.outbox.post({reference: "A"});
  const second = new Line(storage);
  await Promise.all([first.outbox.flush(true), second.outbox.flush(true)]);
  expect(second.sent).toEqual(["A"]);
  expect(first.sent).toEqual(["A", "A"]);
  expect(storage.length).toBe(0);
  await second.outbox.flush(true);
  expect(second.sent).toEqual(["A"]);
});

test("what another tab has discarded is not kept again", async () => {
  const line = new Line();
  line.outbox.send = async () => {
    line.outbox.discard("A");
    throw new ConnectionLostError("/");
  };
  await line.outbox.post({reference: "A"});
  expect(line.outbox.items).toEqual([]);
});

test("nonsense in the storage harms nobody", async () => {
  const line = new Line();
  line.storage.setItem("backflush_terminal.outbox/db/2/X", "{");
  line.storage.setItem("backflush_terminal.outbox/db/2/Y", "null");
  expect(line.outbox.items).toEqual([]);
  expect((await line.outbox.post({reference: "A"})).outcome).toBe(POSTED);
});

test("each answer is what it is", () => {
  const outcomes = {
    "odoo.exceptions.UserError": REFUSED,
    "odoo.exceptions.ValidationError": REFUSED,
    "odoo.exceptions.AccessError": REFUSED,
    "odoo.exceptions.MissingError": REFUSED,
    "odoo.exceptions.AccessDenied": LOGGED_OUT,
    "odoo.http.SessionExpiredException": LOGGED_OUT,
    "psycopg2.OperationalError": FAILED,
    "builtins.TypeError": FAILED,
  };
  for (const [name, outcome] of Object.entries(outcomes)) {
    expect(judge(makeError(name)).outcome).toBe(outcome, {message: name});
  }
  expect(judge(new ConnectionLostError("/")).outcome).toBe(UNANSWERED);
  expect(judge(makeError("odoo.exceptions.AccessError")).type).toBe("access");
});

test("the device remembers its station and its last reports", () => {
  const storage = new MemoryStorage();
  const device = new Device(storage, "db/2");
  const drill = {kind: "workcenter", id: 3, name: "Drill"};
  expect(device.station.kind).toBe("");
  device.station = drill;
  expect(new Device(storage, "db/2").station).toEqual(drill);
  expect(new Device(storage, "db/3").station.kind).toBe("");
  for (let id = 1; id <= 20; id++) {
    device.addReport(drill, {id});
  }
  device.addReport(drill, {id: 15});
  const ids = device.getReports(drill).map((report) => report.id);
  expect(ids).toHaveLength(12);
  expect(ids.slice(0, 3)).toEqual([15, 20, 19]);
  expect(device.getReports({kind: "", id: 0})).toEqual([]);
});
