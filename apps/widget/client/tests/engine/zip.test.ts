import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ZipcodeConfig } from "../../src/api/types";
import { checkZip, cleanZip, zipShape, type ZipShape } from "../../src/engine/zip";

interface Vector {
  name: string;
  config: ZipcodeConfig;
  shape: ZipShape;
  checks: { zip: string; status: string; location_id?: string }[];
}

// The Python matcher runs the same files.
const FOLDER = join(import.meta.dirname, "../../../../../fixtures/zips");
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Vector);

describe.each(vectors)("shared vector: $name", ({ config, shape, checks }) => {
  it("sees the shape", () => expect(zipShape(config)).toMatchObject(shape));
  it.each(checks)("agrees on “$zip”", ({ zip, status, location_id }) => {
    const found = checkZip(config, zip);
    expect(found.status).toBe(status);
    expect(found.status === "inside" ? found.area.location_id : undefined).toBe(location_id);
  });
});

const US = {
  areas: [
    { location_id: "d", location_name: "Denver", zip_codes: ["80202", "80203"] },
    { location_id: "a", location_name: "Aurora", zip_codes: ["80010", "80203"] },
  ],
};
const UK = { areas: [{ location_id: "l", location_name: "London", zip_codes: ["SW1A 1AA"] }] };

describe("checkZip", () => {
  it("waits for the last digit", () => {
    expect(checkZip(US, "8020")).toEqual({ status: "incomplete" });
  });
  it("finds the area as the fifth digit lands", () => {
    expect(checkZip(US, "80202")).toMatchObject({ status: "inside", area: { location_name: "Denver" } });
  });
  it("gives a code of two areas to the first", () => {
    expect(checkZip(US, "80203")).toMatchObject({ area: { location_name: "Denver" } });
  });
  it("says when a code is outside", () => {
    expect(checkZip(US, "80301")).toEqual({ status: "outside" });
  });
  it("overlooks spaces in a code with letters", () => {
    expect(checkZip(UK, "SW1A1AA").status).toBe("inside");
  });
});

describe("checkZip with long lists", () => {
  it("answers every keystroke at once", () => {
    const codes = Array.from({ length: 10_000 }, (_, number) => String(10_001 + 2 * number));
    const ranges = Array.from({ length: 2_000 }, (_, number): [string, string] => [String(40_000 + 5 * number), String(40_003 + 5 * number)]);
    const zips = { areas: [{ location_id: "d", location_name: "Denver", zip_codes: codes, zip_ranges: ranges }] };
    checkZip(zips, "1");
    const began = performance.now();
    for (let turn = 0; turn < 100; turn++) checkZip(zips, "49999");
    expect((performance.now() - began) / 100).toBeLessThan(5);
    expect(checkZip(zips, "49998").status).toBe("inside");
    expect(checkZip(zips, "49999").status).toBe("outside");
  });
});

describe("cleanZip", () => {
  it("keeps the five digits of a pasted nine-digit code", () => {
    expect(cleanZip("80202-1234", zipShape(US))).toBe("80202");
  });
  it("keeps letters where the business's codes have some", () => {
    expect(cleanZip("sw1a 1aa", zipShape(UK))).toBe("SW1A 1AA");
  });
});
