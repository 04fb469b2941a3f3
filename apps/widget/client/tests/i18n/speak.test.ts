import { afterEach, describe, expect, it, vi } from "vitest";
import { speak, translator } from "../../src/i18n";
import type { Others } from "../../src/i18n";

const gone: Others = { da: () => Promise.reject(new TypeError("Failed to fetch dynamically imported module")) };

afterEach(() => vi.useRealTimers());

describe("a language", () => {
  it("is English, without a fetch, where English is wanted", async () => {
    const da = vi.fn(gone.da);
    expect(await speak("en", { da })).toBe("en");
    expect(da).not.toHaveBeenCalled();
  });
  it("becomes English where its texts cannot be fetched", async () => {
    expect(await speak("da", gone)).toBe("en");
  });
  it("becomes English where its texts let people wait", async () => {
    vi.useFakeTimers();
    const spoken = speak("da", { da: () => new Promise(() => undefined) });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await spoken).toBe("en");
  });
  it("is spoken once all its texts are here, and English stands in for what is missing", async () => {
    expect(await speak("da", { da: async () => ({ default: { "frame.back": "Tilbage" } }) })).toBe("da");
    const t = translator("da");
    expect(t("frame.back")).toBe("Tilbage");
    expect(t("frame.close")).toBe("Close");
  });
});
