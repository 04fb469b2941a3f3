import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { changesIn, isSame } from "./model/changes";
import { beginWith, edited, redone, undone, type History } from "./model/history";
import { libraryOf, type Library } from "./model/library";
import { problemsOf, type Problem } from "./model/problems";
import type { Catalogue, Doc } from "./model/types";
import type { Opened, Refusal, Server } from "./server/api";
import type { Rescue, Rescued } from "./server/rescue";

const RESCUE_AFTER_MS = 400;

export type Change = (doc: Doc) => Doc;

/** Somebody else has saved meanwhile: what is there now, and how it differs from what this work began with. */
export interface Conflict {
  theirs: Opened;
  changes: string[];
}

export interface Notice {
  tone: "good" | "bad" | "plain";
  text: string;
  code?: string;
}

export interface EditorState {
  opened: Opened;
  doc: Doc;
  catalogue: Catalogue;
  library: Library;
  problems: Problem[];
  dirty: boolean;
  saving: boolean;
  canUndo: boolean;
  canRedo: boolean;
  notice: Notice | null;
  conflict: Conflict | null;
  rescued: Rescued | null;
  /** One edit, one step to undo. Edits with the same key shortly after each other are one. */
  edit(change: Change, key?: string): void;
  undo(): void;
  redo(): void;
  save(): Promise<void>;
  say(notice: Notice | null): void;
  /** Keep mine: save over what they have saved. */
  keepMine(): Promise<void>;
  /** Take theirs; undo brings mine back. */
  takeTheirs(): void;
  restore(): void;
  dropRescued(): void;
  /** Read the business's questions and services again: they may have been edited in another tab. */
  refresh(): Promise<void>;
}

type Act = { type: "edit"; change: Change; key: string | null } | { type: "undo" } | { type: "redo" };

function historyReducer(history: History, act: Act): History {
  if (act.type === "undo") return undone(history);
  if (act.type === "redo") return redone(history);
  return edited(history, act.change(history.present), act.key);
}

export const EditorContext = createContext<EditorState | null>(null);

export function useEditor(): EditorState {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("There is no editor around this.");
  return editor;
}

/** The whole state of an opened graph: the document with its history, what is wrong with it, and saving it. */
export function useEditorState(first: Opened, server: Server, rescue: Rescue): EditorState {
  const [history, dispatch] = useReducer(historyReducer, first.doc, beginWith);
  const [stored, setStored] = useState({ version: first.version, doc: first.doc });
  const [catalogue, setCatalogue] = useState(first.catalogue);
  const [saving, setSaving] = useState(false);
  const [notice, say] = useState<Notice | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [rescued, setRescued] = useState<Rescued | null>(() => {
    const found = rescue.find();
    return found && !isSame(found.doc, first.doc) ? found : null;
  });
  const doc = history.present;
  const { newQuestions, newAnswers } = doc;
  const library = useMemo(() => libraryOf(catalogue, { newQuestions, newAnswers }), [catalogue, newQuestions, newAnswers]);
  const problems = useMemo(() => problemsOf(doc, library, catalogue), [doc, library, catalogue]);
  const dirty = useMemo(() => !isSame(doc, stored.doc), [doc, stored.doc]);
  const busy = useRef(false);

  useEffect(() => {
    if (rescued) return undefined; // not decided yet: the net still holds what was found in it
    if (!dirty) {
      rescue.forget();
      return undefined;
    }
    const timer = setTimeout(() => rescue.keep(stored.version, doc), RESCUE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [doc, dirty, rescue, rescued, stored.version]);

  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);

  const edit = useCallback((change: Change, key?: string) => dispatch({ type: "edit", change, key: key ?? null }), []);
  const undo = useCallback(() => dispatch({ type: "undo" }), []);
  const redo = useCallback(() => dispatch({ type: "redo" }), []);

  const refresh = useCallback(async () => {
    try {
      setCatalogue((await server.open()).catalogue);
    } catch {
      // What is there stays; saving will say what is wrong.
    }
  }, [server]);

  const refused = async (refusal: Refusal): Promise<void> => {
    if (refusal.code !== "STALE_VERSION") {
      say({ tone: "bad", text: refusal.detail, code: refusal.code });
      return;
    }
    const theirs = await server.open();
    const same = isSame({ ...theirs.doc, newQuestions, newAnswers }, doc);
    if (same) settle(theirs.version, theirs.catalogue); // an earlier answer was lost on its way
    else setConflict({ theirs, changes: changesIn(stored.doc, theirs.doc, library, libraryOf(theirs.catalogue, theirs.doc)) });
  };

  const settle = (version: number, fresh: Catalogue | null): void => {
    setStored({ version, doc });
    setConflict(null);
    rescue.forget();
    setRescued(null);
    say({ tone: "good", text: "Saved." });
    if (fresh) setCatalogue(fresh);
    else if (newQuestions.length + newAnswers.length > 0) void refresh();
  };

  const saveOver = async (version: number, content: Catalogue): Promise<void> => {
    if (busy.current) return;
    const [stopping] = problems.filter((problem) => problem.stopsSaving);
    if (stopping) {
      say({ tone: "bad", text: stopping.message, code: "unfinished" });
      return;
    }
    busy.current = true;
    setSaving(true);
    say(null);
    try {
      const saved = await server.save(doc, version, content);
      if (saved.ok) settle(saved.version, null);
      else await refused(saved.refusal);
    } catch {
      say({ tone: "bad", text: "The server did not answer. Your changes are kept in this tab: try again in a moment." });
    } finally {
      busy.current = false;
      setSaving(false);
    }
  };

  return {
    opened: first,
    doc,
    catalogue,
    library,
    problems,
    dirty,
    saving,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    notice,
    conflict,
    rescued,
    edit,
    undo,
    redo,
    say,
    refresh,
    save: () => saveOver(stored.version, catalogue),
    keepMine: async () => {
      if (!conflict) return;
      setCatalogue(conflict.theirs.catalogue);
      setConflict(null);
      await saveOver(conflict.theirs.version, conflict.theirs.catalogue);
    },
    takeTheirs: () => {
      if (!conflict) return;
      const { theirs } = conflict;
      setCatalogue(theirs.catalogue);
      setStored({ version: theirs.version, doc: theirs.doc });
      edit(() => theirs.doc);
      setConflict(null);
      say({ tone: "plain", text: "This is their version now. Undo brings yours back." });
    },
    restore: () => {
      if (!rescued) return;
      setStored((now) => ({ ...now, version: rescued.version }));
      edit(() => rescued.doc);
      setRescued(null);
    },
    dropRescued: () => {
      rescue.forget();
      setRescued(null);
    },
  };
}
