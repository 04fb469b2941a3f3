import { describe, expect, it } from "vitest";
import { checkZip, cleanZip, zipShape } from "../../src/engine/zip";

const US = [
  { location_id: "d", location_name: "Denver", zip_codes: ["80202", "80203"] },
  { location_id: "a", location_name: "Aurora", zip_codes: ["80010", "80203"] },
];
const UK = [{ location_id: "l", location_name: "London", zip_codes: ["SW1A 1AA"] }];

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

describe("cleanZip", () => {
  it("keeps the five digits of a pasted nine-digit code", () => {
    expect(cleanZip("80202-1234", zipShape(US))).toBe("80202");
  });
  it("keeps letters where the business's codes have some", () => {
    expect(cleanZip("sw1a 1aa", zipShape(UK))).toBe("SW1A 1AA");
  });
});
