import {describe, expect, test} from "@odoo/hoot";
import {
  BACKORDER,
  KEEP,
  findMissing,
  findRest,
  makeEntry,
  makePreviewValues,
  makeReport,
} from "@backflush_auto_terminal/logic/report";
import {findStation, getStationValues} from "@backflush_auto_terminal/logic/station";

describe.current.tags("headless");

const BOLT = {product_id: 9, product: "Bolt", uom: "Units", tracking: "none"};
const ORDER = {
  tracking: "none",
  components: [],
  damageable: [BOLT],
  qty_remaining: 100,
};
const DAMAGED = {productId: 9, product: "Bolt", uom: "Units", quantity: 3, lot: ""};

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

test("what was damaged can be all of a report", () => {
  const damaged = [{...DAMAGED, reason: "Dent"}];
  const sent = [{product_id: 9, quantity: 3, reason: "Dent", lots: []}];
  expect(makePreviewValues(enter({good: "8", damaged}), ".")).toEqual({
    quantity: 8,
    damaged: sent,
    scrap_only: false,
  });
  expect(makePreviewValues(enter({damaged}), ".")).toEqual({
    quantity: 0,
    damaged: sent,
    scrap_only: true,
  });
  const lot = makePreviewValues(enter({damaged: [{...DAMAGED, lot: "A"}]}), ".");
  expect(lot.damaged[0].lots).toEqual([{name: "A", quantity: 3}]);
});

test("what remains is decided where something does", () => {
  const find = (values, order = ORDER) => findRest(enter(values), order, ".");
  expect(find({good: "30"})).toBe(70);
  expect(find({good: "30", scrap: "10"})).toBe(60);
  expect(find({good: "30", scrap: "10", makeUp: true})).toBe(70);
  expect(find({good: "100"})).toBe(0);
  expect(find({good: "120"})).toBe(0);
  expect(find({good: "0.2", scrap: "0.1"}, {qty_remaining: 0.3})).toBe(0);
  expect(find({scrap: "10"})).toBe(0);
  expect(find({good: "3o"})).toBe(0);
  expect(find({good: "30", workorderId: 4})).toBe(0);
  const make = (values) => makeReport(enter(values), ORDER, [], ".", 2).remainder;
  expect(make({good: "30"})).toBe(undefined);
  expect(make({good: "30", rest: BACKORDER})).toBe(BACKORDER);
  expect(make({good: "100", rest: BACKORDER})).toBe(undefined);
});

test("lots of components share what the preview expects", () => {
  const cable = {product_id: 8, tracking: "lot", move_id: 1};
  const order = {...ORDER, components: [cable]};
  const lots = {8: [{name: "A", free: 1}, {name: "B"}]};
  const expected = [
    {move_id: 1, product_id: 8, expected: 2},
    {move_id: 2, product_id: 8, expected: 1},
  ];
  const report = makeReport(enter({good: "1", lots}), order, expected, ".", 2);
  expect(report.components).toEqual([
    {
      product_id: 8,
      lots: [
        {name: "A", quantity: 1},
        {name: "B", quantity: 2},
      ],
    },
  ]);
  const unknown = makeReport(enter({good: "1", lots}), order, [], ".", 2);
  expect(unknown.components[0].lots).toEqual([{name: "A"}, {name: "B"}]);
});

test("lots of finished goods are not for work orders", () => {
  const entry = enter({good: "1", finished: ["S-1"]});
  expect(makeReport(entry, ORDER, [], ".", 2).lot_names).toEqual(["S-1"]);
  const there = makeReport({...entry, workorderId: 4}, ORDER, [], ".", 2);
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
  expect(find({damaged: [DAMAGED]})).toBe(undefined);
  const serial = {...ORDER, tracking: "serial"};
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
        remainder: BACKORDER,
        components: [{product_id: 8, lots: [{name: "A", quantity: 3}]}],
        damaged: [{product_id: 9, quantity: 3, reason: "Dent", lots: []}],
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
    rest: BACKORDER,
    damaged: [{...DAMAGED, reason: "Dent"}],
  });
  expect(enter().rest).toBe(KEEP);
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
