import { useEditor } from "../state";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { usePlaces } from "./places";

const SHORTCUTS: [string, string][] = [
  ["Tab", "go from part to part"],
  ["← → ↑ ↓", "follow the connections, go through the choices"],
  ["Enter", "edit the part"],
  ["N or +", "add what follows"],
  ["Delete", "delete what is selected"],
  ["Shift + arrows", "move what is selected"],
  ["Shift + drag", "select several; Ctrl + click adds one"],
  ["/ or Ctrl + F", "find"],
  ["Ctrl + Z", "undo"],
  ["Ctrl + Shift + Z", "redo"],
  ["Ctrl + S", "save"],
  ["T", "tidy up"],
  ["F", "show everything"],
  ["Escape", "close, or select nothing"],
];

export function Shortcuts({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Shortcuts" onClose={onClose}>
      <dl className="ge-shortcuts">
        {SHORTCUTS.map(([keys, deed]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{deed}</dd>
          </div>
        ))}
      </dl>
      <p className="ge-hint">In a large graph Tab goes through what is in sight; the arrows lead on from there. On a Mac, Ctrl is ⌘.</p>
      <form method="dialog">
        <button className="ge-button ge-button-main">Close</button>
      </form>
    </Dialog>
  );
}

/** Somebody else has saved since this graph was opened. */
export function ConflictDialog() {
  const { conflict, keepMine, takeTheirs } = useEditor();
  if (!conflict) return null;
  return (
    <Dialog title="Somebody else has saved meanwhile" onClose={() => undefined}>
      <p>Since you began, this has changed:</p>
      <ul className="ge-tips">
        {conflict.changes.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {conflict.changes.length === 0 && <li>It was saved again after your changes were begun.</li>}
      </ul>
      <p className="ge-hint">Nothing of yours is lost: with theirs before you, Undo brings yours back.</p>
      <form method="dialog" className="ge-row">
        <Button label="Show theirs" look="main" onClick={takeTheirs} />
        <Button label="Save mine over theirs" look="danger" onClick={() => void keepMine()} />
      </form>
    </Dialog>
  );
}

/** Work that an earlier visit of this tab has left unsaved. */
export function RescueBar() {
  const { rescued, restore, dropRescued } = useEditor();
  if (!rescued) return null;
  const time = new Date(rescued.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return (
    <div className="ge-bar" role="alert">
      <span>This tab still has changes from {time} that were not saved.</span>
      <Button label="Bring them back" look="main" onClick={restore} />
      <Button label="Drop them" onClick={dropRescued} />
    </div>
  );
}

/** What was done, or why not. */
export function NoticeBar() {
  const { notice, say, save } = useEditor();
  const places = usePlaces();
  const again = notice?.code === "SIGNED_OUT" || notice?.code === "UNREACHABLE" || notice?.code?.startsWith("HTTP_");
  return (
    <div className="ge-notices" role="status">
      {notice && (
        <div className={`ge-notice ge-notice-${notice.tone}`}>
          <span>{notice.text}</span>
          {notice.code === "SIGNED_OUT" && (
            <a className="ge-link" href={places.flow} target="_blank" rel="noreferrer">
              Sign in
            </a>
          )}
          {again && <Button label="Try again" onClick={() => void save()} />}
          <Button iconOnly icon="close" label="Close this message" onClick={() => say(null)} />
        </div>
      )}
    </div>
  );
}
