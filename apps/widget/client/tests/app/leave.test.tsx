import { render } from "preact";
import { expect, it, vi } from "vitest";
import "../../src/i18n/english-later";
import { Leave } from "../../src/app/Leave";
import { translator } from "../../src/i18n";

it("gives the focus back to whoever stays", async () => {
  const portal = document.createElement("div");
  const field = document.createElement("input");
  document.body.append(field, portal);
  field.focus();
  const nothing = (): void => undefined;
  render(<Leave t={translator("en")} onStay={nothing} onLeave={nothing} />, portal);
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("data-testid")).toBe("stay"));
  render(null, portal);
  await vi.waitFor(() => expect(document.activeElement).toBe(field));
});
