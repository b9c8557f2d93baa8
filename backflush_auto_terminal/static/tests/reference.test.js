import {describe, expect, test} from "@odoo/hoot";
import {
  makePrefix,
  makeReference,
  makeUuid,
} from "@backflush_auto_terminal/logic/reference";

describe.current.tags("headless");

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a reference begins with the station, whatever it is called", () => {
  expect(makePrefix("Drill 2")).toBe("Drill-2");
  expect(makePrefix("Säge/Mühle")).toBe("Säge-Mühle");
  expect(makePrefix("<b>x</b>")).toBe("b-x-b");
  expect(makePrefix("")).toBe("terminal");
  expect(makePrefix("***")).toBe("terminal");
  expect(makePrefix("a".repeat(300))).toHaveLength(24);
});

test("no two references are the same", () => {
  const references = new Set(Array.from({length: 1000}, () => makeReference("Drill")));
  expect(references.size).toBe(1000);
});

test("without HTTPS there is no randomUUID, and a UUID all the same", () => {
  const plain = {getRandomValues: (bytes) => bytes.fill(255)};
  expect(makeUuid(plain)).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  expect(makeUuid({getRandomValues: (bytes) => crypto.getRandomValues(bytes)})).toMatch(
    UUID
  );
  expect(makeUuid()).toMatch(/^[0-9a-f-]{36}$/);
});
