import type { Resolved } from "../api/types";
import "../i18n/danish";
import "../i18n/english-later";
import { behave } from "./manners";
import { messageOf, tell, type FromFrame, type ToFrame } from "./protocol";
import { Stage } from "./stage";

/** The frame's page: /admin/preview/frame/, alone in a tab or inside an editor (protocol.ts). */

/** What the back office answers: the draft as the widget would be sent it. */
interface Saved {
  resolved: Resolved;
  reads: string;
}

const REASONS: Record<number, string> = {
  401: "You are no longer signed in. Reload the page.",
  403: "You may not look at this business’s flows.",
  404: "This flow is gone.",
};

start(document.body);

function start(body: HTMLElement): void {
  const find = (name: string): HTMLElement => body.querySelector<HTMLElement>(`[data-preview-${name}]`) ?? body;
  const [stageBox, host, note, links] = [find("stage"), find("host"), find("times"), find("links")];
  const asked = new URLSearchParams(window.location.search);
  const origin = window.location.origin;
  const page = window.parent === window ? null : window.parent;
  const say = (message: FromFrame): void => page ? tell(page, message, origin) : undefined;
  const stage = new Stage({
    host,
    fetch: (input, init) => fetch(input, init),
    tell: say,
    onTimes: (madeUp) => {
      note.textContent = madeUp === null ? "" : `The times are made up: ${madeUp}.`;
      note.hidden = madeUp === null;
    },
    onOpen: (open) => {
      stageBox.hidden = !open;
    },
  });
  behave(window, stageBox, () => {
    links.hidden = false;
    setTimeout(() => {
      links.hidden = true;
    }, 3000);
  });
  find("open").addEventListener("click", () => stage.open());

  const load = async (): Promise<void> => {
    const response = await fetch(`${body.dataset.document ?? ""}?${asked}`, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(REASONS[response.status] ?? "The server did not answer. Try again in a moment.");
    const saved = (await response.json()) as Saved;
    stage.show(saved.resolved, saved.reads);
  };
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : "The preview cannot be shown.";
    find("failed").textContent = reason;
    find("failed").hidden = false;
    say({ type: "failed", reason });
  };
  const screen = asked.get("step");
  asked.delete("step");
  // One after the other: a draft must not overtake the flow that it is the draft of.
  let work: Promise<void> = load();
  if (screen) work = work.then(() => stage.step(screen as Parameters<Stage["step"]>[0]));
  work = work.catch(failed);

  const act = async (message: ToFrame): Promise<void> => {
    switch (message.type) {
      case "show":
        if (message.flow_id) asked.set("flow", message.flow_id);
        if (message.brand_kit_id) asked.set("brand_kit", message.brand_kit_id);
        return load();
      case "document":
        return stage.document(message.document);
      case "brand":
        return stage.brand(message.brand_kit);
      case "config":
        return stage.config(message.scheduler_config);
      case "step":
        return stage.step(message.step_type);
      case "restart":
        return stage.restart();
    }
  };
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = page && messageOf(event, page, origin);
    if (message) work = work.then(() => act(message)).catch(failed);
  });
  say({ type: "ready" });
}
