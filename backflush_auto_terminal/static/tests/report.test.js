import {describe, expect, test} from "@odoo/hoot";
import {
  findMissing,
  makeEntry,
  makePreviewValues,
  makeReport,
} from "@backflush_auto_terminal/logic/report";
import {findStation, getStationValues} from "@backflush_auto_terminal/logic/station";

describe.current.tags("headless");

const ORDER = {tracking: "none", components: []};

function enter(values = {}) {
  return {...makeEntry({order: ORDER}, ".", 2), ...values};
}

test("good units are a quantity and nothing else", () => {
  expect(makePreviewValues(enter({good: "30"}), ".")).toEqual({quantity: 30});
});

test("scrap has its reason, and does not become all that remains", () => {
  expect(makePreviewValues(enter({scrap: "2", reason: "Dent"}), ".")).toEqual({
    quantity: 0,
    scrap: [{quantity: 2, reason: "Dent"}],
    make_up: false,
    scrap_only: true,
  });
  const both = enter({good: "8", scrap: "2", reason: "Dent", makeUp: true});
  expect(makePreviewValues(both, ".")).toEqual({
    quantity: 8,
    scrap: [{quantity: 2, reason: "Dent"}],
    make_up: true,
    scrap_only: false,
  });
});

test("lots of components share what the preview expects", () => {
  const cable = {product_id: 8, tracking: "lot", move_id: 1};
  const lots = {8: [{name: "A", free: 1}, {name: "B"}]};
  const expected = [
    {move_id: 1, product_id: 8, expected: 2},
    {move_id: 2, product_id: 8, expected: 1},
  ];
  const report = makeReport(enter({good: "1", lots}), [cable], expected, ".", 2);
  expect(report.components).toEqual([
    {
      product_id: 8,
      lots: [
        {name: "A", quantity: 1},
        {name: "B", quantity: 2},
      ],
    },
  ]);
  const unknown = makeReport(enter({good: "1", lots}), [cable], [], ".", 2);
  expect(unknown.components[0].lots).toEqual([{name: "A"}, {name: "B"}]);
});

test("lots of finished goods are not for work orders", () => {
  const entry = enter({good: "1", finished: ["S-1"]});
  expect(makeReport(entry, [], [], ".", 2).lot_names).toEqual(["S-1"]);
  const there = makeReport({...entry, workorderId: 4}, [], [], ".", 2);
  expect(there).toEqual({quantity: 1, workorder_id: 4});
});

test("what is missing is named", () => {
  const find = (values, order = ORDER, reasons = ["Dent"]) =>
    findMissing(enter(values), order, reasons, ".")?.code;
  expect(find({})).toBe("quantity");
  expect(find({good: "0"})).toBe("quantity");
  expect(find({good: "1e308"})).toBe("number");
  expect(find({good: "1", scrap: "1"})).toBe("reason");
  expect(find({good: "1", scrap: "1"}, ORDER, [])).toBe(undefined);
  expect(find({good: "1", scrap: "1", reason: "Dent"})).toBe(undefined);
  const serial = {tracking: "serial", components: []};
  expect(find({good: "2", finished: ["S-1"]}, serial)).toBe("serials");
  expect(find({good: "1", finished: ["S-1", "S-2"]}, serial)).toBe("serials_over");
  expect(find({good: "2", finished: ["S-1", "S-2"]}, serial)).toBe(undefined);
});

test("a refused report is mended with what was entered", () => {
  const components = [{product_id: 8, tracking: "lot", move_id: 1}];
  const entry = makeEntry(
    {
      order: {...ORDER, components},
      values: {
        quantity: 1.5,
        scrap: [{quantity: 2, reason: "Dent"}],
        make_up: true,
        components: [{product_id: 8, lots: [{name: "A", quantity: 3}]}],
      },
    },
    ",",
    2
  );
  expect(entry).toEqual({
    good: "1,5",
    scrap: "2",
    reason: "Dent",
    makeUp: true,
    workorderId: 0,
    finished: [],
    lots: {8: [{name: "A", free: 3}]},
  });
});

test("the last operation reports finished goods, the others what they did", () => {
  const make = (last) => makeEntry({order: ORDER, workorder: {id: 4, last}}, ".", 2);
  expect(make(false).workorderId).toBe(4);
  expect(make(true).workorderId).toBe(0);
});

test("a station is found by the address, the button, or the device", () => {
  const settings = {
    workcenters: [{id: 3, name: "Drill"}],
    picking_types: [{id: 5, name: "Manufacturing"}],
  };
  const own = {kind: "picking_type", id: 5, name: "Manufacturing"};
  const find = (...givens) => findStation(givens, settings, own);
  expect(find({workcenter_id: 3}, {})).toEqual({
    kind: "workcenter",
    id: 3,
    name: "Drill",
  });
  expect(find({}, {picking_type_id: 5}).kind).toBe("picking_type");
  expect(find({workcenter_id: 99}, {})).toBe(own);
  expect(find({workcenter_id: "<b>"}, {})).toBe(own);
  expect(getStationValues(own)).toEqual({picking_type_id: 5});
  expect(getStationValues({kind: "", id: 0})).toEqual({});
});
