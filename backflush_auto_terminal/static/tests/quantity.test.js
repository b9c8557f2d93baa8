import {
  BACK,
  CLEAR,
  POINT,
  press,
  readQuantity,
  writeQuantity,
} from "@backflush_auto_terminal/logic/quantity";
import {describe, expect, test} from "@odoo/hoot";

describe.current.tags("headless");

const type = (keys, point = ".") =>
  keys.reduce((text, key) => press(text, key, point), "");

test("keys make a quantity", () => {
  expect(type(["1", "2", "0"])).toBe("120");
  expect(type(["1", POINT, "5"])).toBe("1.5");
  expect(type(["1", POINT, "5"], ",")).toBe("1,5");
});

test("a quantity begins with one zero at most, and has one decimal point", () => {
  expect(type(["0", "0", "7"])).toBe("7");
  expect(type([POINT, "5"])).toBe("0.5");
  expect(type(["1", POINT, POINT, "5"])).toBe("1.5");
});

test("keys are taken back one by one, and all at once", () => {
  expect(type(["1", "2", BACK])).toBe("1");
  expect(type([BACK])).toBe("");
  expect(type(["1", "2", CLEAR])).toBe("");
});

test("a number has an end", () => {
  expect(type(Array(40).fill("9"))).toBe("9".repeat(16));
});

test("what was entered is read in the language of the user", () => {
  expect(readQuantity("12", ".")).toBe(12);
  expect(readQuantity(" 1.5 ", ".")).toBe(1.5);
  expect(readQuantity("1,5", ",")).toBe(1.5);
  expect(readQuantity(".5", ".")).toBe(0.5);
  expect(readQuantity("5.", ".")).toBe(5);
  expect(readQuantity("", ".")).toBe(0);
});

test("what could mean two things, or nothing, is no quantity", () => {
  for (const text of ["1,000", "1e308", "-1", "1.2.3", ".", "1 0", "<b>", "Infinity"]) {
    expect(readQuantity(text, ".")).toBe(NaN, {message: text});
  }
  expect(readQuantity("1.000", ",")).toBe(NaN);
  expect(readQuantity("9".repeat(40), ".")).toBe(NaN);
  expect(readQuantity("1000000000001", ".")).toBe(NaN);
});

test("a quantity is written as a person would enter it", () => {
  expect(writeQuantity(70, ".", 2)).toBe("70");
  expect(writeQuantity(1.5, ",", 2)).toBe("1,5");
  expect(writeQuantity(0.1 + 0.2, ".", 2)).toBe("0.3");
  expect(writeQuantity(100, ".", 0)).toBe("100");
});
