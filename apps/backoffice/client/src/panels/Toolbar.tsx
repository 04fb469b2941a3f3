import { useDesk, type PanelName } from "../desk";
import { useEditor } from "../state";
import { Button } from "../parts/Button";
import { Symbol } from "../parts/Symbol";
import { usePlaces } from "./places";

interface Props {
  full: boolean;
  onTidy(): void;
  onSearch(): void;
}

/** What can be done with the whole graph, and how it stands. */
export function Toolbar({ full, onTidy, onSearch }: Props) {
  const { opened, canUndo, canRedo, undo, redo, save, saving, dirty } = useEditor();
  const desk = useDesk();
  const places = usePlaces();
  return (
    <header className="ge-toolbar">
      <div className="ge-heading">
        <a className="ge-back" href={places.flow}>
          <Symbol name="arrow_back" />
          <span>{opened.flow.title}</span>
        </a>
        {full && <h2>{opened.step.title}</h2>}
      </div>
      <div className="ge-tools" role="toolbar" aria-label="Edit the graph">
        <Button icon="add" label="Add" onClick={() => desk.ask({ from: null, at: null, screen: null })} />
        <Button iconOnly icon="undo" label="Undo" shortcut="Ctrl+Z" disabled={!canUndo} onClick={undo} />
        <Button iconOnly icon="redo" label="Redo" shortcut="Ctrl+Shift+Z" disabled={!canRedo} onClick={redo} />
        <Button iconOnly icon="account_tree" label="Tidy up" shortcut="T" onClick={onTidy} />
        <Button iconOnly icon="search" label="Find" shortcut="/" onClick={onSearch} />
      </div>
      <div className="ge-tools">
        <PanelButton name="problems" />
        <PanelButton name="walk" />
        <PanelButton name="outline" />
      </div>
      <div className="ge-tools ge-saving">
        <span className={dirty ? "ge-state ge-dirty" : "ge-state"}>{saving ? "Saving…" : dirty ? "Unsaved" : "Saved"}</span>
        <Button look="main" label="Save" shortcut="Ctrl+S" disabled={saving || !dirty} onClick={() => void save()} />
      </div>
    </header>
  );
}

const PANELS = { problems: { icon: "rule", label: "Problems" }, walk: { icon: "directions_walk", label: "Walk it" }, outline: { icon: "format_list_bulleted", label: "As a list" } };

function PanelButton({ name }: { name: Exclude<PanelName, "part"> }) {
  const { problems } = useEditor();
  const desk = useDesk();
  const count = name === "problems" ? problems.length : 0;
  const { icon, label } = PANELS[name];
  return (
    <button type="button" className="ge-button ge-button-plain" aria-pressed={desk.panel === name} onClick={() => desk.openPanel(desk.panel === name ? "part" : name)}>
      <Symbol name={name === "problems" && count === 0 ? "check_circle" : icon} className={name === "problems" ? (count === 0 ? "ge-ink-service" : "ge-ink-bad") : ""} />
      <span className="ge-tool-label">{label}</span>
      {count > 0 && <span className="ge-badge">{count}</span>}
    </button>
  );
}
