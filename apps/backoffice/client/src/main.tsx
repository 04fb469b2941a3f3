import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { Editor } from "./Editor";
import { useEditorState } from "./state";
import { PlacesContext, placesOf } from "./panels/places";
import { Button } from "./parts/Button";
import { Server, type Opened, type Refusal } from "./server/api";
import { Rescue } from "./server/rescue";
import "@xyflow/react/dist/base.css";
import "./styles/editor.css";
import "./styles/canvas.css";
import "./styles/panels.css";

function App({ server }: { server: Server }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const open = (): void => {
    setRefusal(null);
    server.open().then(setOpened, (error: Partial<Refusal>) => setRefusal(error.detail ?? "The server did not answer. Try again in a moment."));
  };
  useEffect(open, []);
  if (opened) return <Opening opened={opened} server={server} />;
  if (refusal === null) return <p className="ge-loading">Opening the editor…</p>;
  return (
    <div className="ge-loading" role="alert">
      <p>{refusal}</p>
      <Button look="main" label="Try again" onClick={open} />
    </div>
  );
}

function Opening({ opened, server }: { opened: Opened; server: Server }) {
  const [rescue] = useState(() => new Rescue(opened.step.id));
  const state = useEditorState(opened, server, rescue);
  return (
    <ReactFlowProvider>
      <Editor state={state} />
    </ReactFlowProvider>
  );
}

const root = document.getElementById("graph-editor");
if (root) {
  createRoot(root).render(
    <PlacesContext value={placesOf(root)}>
      <App server={new Server(root.dataset["url"] ?? "")} />
    </PlacesContext>,
  );
}
