import {
  DUPLICATE,
  RIGHT,
  WRONG,
  isTyped,
  routeLot,
  shareLots,
} from "@backflush_auto_terminal/logic/scan";
import {describe, expect, test} from "@odoo/hoot";
import {Burst} from "@backflush_auto_terminal/logic/burst";

describe.current.tags("headless");

const CABLE = {product_id: 8, tracking: "lot"};
const BULB = {product_id: 9, tracking: "serial"};

function makeEntry(values = {}) {
  return {
    tracking: "none",
    reportsGoods: true,
    components: [CABLE],
    finished: [],
    lots: {8: [], 9: []},
    ...values,
  };
}

test("short numbers are typed, everything else is scanned", () => {
  expect(isTyped("120")).toBe(true);
  expect(isTyped("1.5")).toBe(true);
  expect(isTyped("4006381333931")).toBe(false);
  expect(isTyped("WH/MO/00041")).toBe(false);
});

test("a scanner is told from a person by what and how fast it types", () => {
  const burst = new Burst();
  [..."LOT-7"].forEach((key, index) => burst.add(key, `12${index}`, 1000 + 10 * index));
  expect(burst.before).toBe("120");
  expect(burst.end(1060)).toBe(true);
  [..."120"].forEach((key, index) => burst.add(key, "", 2000 + 10 * index));
  expect(burst.end(2030)).toBe(false);
  [..."LOT-7"].forEach((key, index) => burst.add(key, "", 3000 + 400 * index));
  expect(burst.end(5000)).toBe(false);
});

test("a lot is taken for the component that has it", () => {
  const found = {finished: false, components: [{product_id: 8, free: 3}]};
  expect(routeLot("C-7", makeEntry(), found)).toEqual({
    sign: RIGHT,
    target: "component",
    productId: 8,
    free: 3,
  });
});

test("a lot of which nothing is free is wrong", () => {
  const found = {finished: false, components: [{product_id: 8, free: 0}]};
  expect(routeLot("C-7", makeEntry(), found).sign).toBe(WRONG);
});

test("a lot that several components have is left to a person", () => {
  const components = [
    {product_id: 8, free: 3},
    {product_id: 9, free: 1},
  ];
  const found = {finished: false, components};
  expect(routeLot("X", makeEntry({components: [CABLE, BULB]}), found).sign).toBe(WRONG);
});

test("what was scanned before is a duplicate", () => {
  const lots = {8: [{name: "C-7", free: 3}], 9: []};
  expect(routeLot("C-7", makeEntry({lots}), null).sign).toBe(DUPLICATE);
  expect(routeLot("S-1", makeEntry({finished: ["S-1"]}), null).sign).toBe(DUPLICATE);
});

test("an unknown code is a new serial number of what is made", () => {
  const found = {finished: false, components: []};
  const entry = makeEntry({tracking: "serial"});
  expect(routeLot("S-1", entry, found)).toEqual({sign: RIGHT, target: "finished"});
  expect(routeLot("S-1", entry, {...found, finished: true}).sign).toBe(WRONG);
  expect(routeLot("S-1", {...entry, reportsGoods: false}, found).sign).toBe(WRONG);
  expect(routeLot("S-1", makeEntry(), found).sign).toBe(WRONG);
});

test("without an answer only what is certain is taken", () => {
  expect(routeLot("C-7", makeEntry(), null)).toEqual({
    sign: RIGHT,
    target: "component",
    productId: 8,
    free: undefined,
  });
  expect(routeLot("C-7", makeEntry({components: [CABLE, BULB]}), null).sign).toBe(
    WRONG
  );
  expect(routeLot("S-1", makeEntry({tracking: "serial"}), null).target).toBe(
    "finished"
  );
});

test("lots share what is needed in the order in which they were scanned", () => {
  const lots = [
    {name: "A", free: 30},
    {name: "B", free: 100},
  ];
  expect(shareLots(60, lots, "lot")).toEqual([
    {name: "A", quantity: 30},
    {name: "B", quantity: 30},
  ]);
  expect(shareLots(20, lots, "lot")).toEqual([{name: "A", quantity: 20}]);
  expect(shareLots(0.3, [{name: "A", free: 0.1}, {name: "B"}], "lot")).toEqual([
    {name: "A", quantity: 0.1},
    {name: "B", quantity: 0.2},
  ]);
});

test("each serial number is one piece", () => {
  const lots = [{name: "A"}, {name: "B"}];
  expect(shareLots(5, lots, "serial")).toEqual([
    {name: "A", quantity: 1},
    {name: "B", quantity: 1},
  ]);
});
