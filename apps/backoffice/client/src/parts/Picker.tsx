import { Fragment, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { fold } from "../model/search";
import { Drawing, Symbol } from "./Symbol";

export interface Option {
  key: string;
  group: string;
  label: string;
  detail?: string;
  /** What else it is found by. */
  words?: string;
  icon: string;
  /** Drawn instead of an icon of the back office's. */
  path?: string;
  /** Made of what is typed: always offered, whatever is looked for. */
  always?: boolean;
  run(typed: string): void;
}

interface Props {
  label: string;
  placeholder: string;
  options: Option[];
  onClose(): void;
}

const SHOWN = 60;

/** A list that narrows while one types: arrows move, Enter takes, Escape leaves. */
export function Picker({ label, placeholder, options, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const found = useMemo(
    () => options.filter((option) => option.always || words.every((word) => fold(`${option.label} ${option.detail ?? ""} ${option.words ?? ""}`).includes(word))),
    [options, typed],
  );
  const shown = ordered(found, typed).slice(0, SHOWN);
  const at = Math.min(active, shown.length - 1);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const take = (option: Option | undefined): void => {
    if (!option) return;
    onClose();
    option.run(typed.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((at + step + shown.length) % Math.max(shown.length, 1));
    else if (event.key === "Enter") take(shown[at]);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="ge-picker" role="dialog" aria-label={label} onKeyDown={onKeyDown}>
      <label className="ge-picker-label" htmlFor={`${id}-input`}>
        {label}
      </label>
      <input
        ref={input}
        id={`${id}-input`}
        className="ge-input"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
        autoComplete="off"
        placeholder={placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
      />
      <ul ref={list} id={`${id}-list`} className="ge-options" role="listbox" aria-label={label}>
        {shown.map((option, index) => (
          <Fragment key={option.key}>
            {option.group !== shown[index - 1]?.group && (
              <li role="presentation" className="ge-option-group">
                {option.group}
              </li>
            )}
            <li
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className="ge-option"
              onPointerMove={() => setActive(index)}
              onClick={() => take(option)}
            >
              {option.path ? <Drawing path={option.path} /> : <Symbol name={option.icon} />}
              <span className="ge-option-label">{option.always && typed.trim() ? `${option.label}: “${typed.trim()}”` : option.label}</span>
              {option.detail && <span className="ge-option-detail">{option.detail}</span>}
            </li>
          </Fragment>
        ))}
        {shown.length === 0 && (
          <li className="ge-option-none" role="option" aria-selected="false" aria-disabled="true">
            Nothing fits.
          </li>
        )}
      </ul>
    </div>
  );
}

/** While nothing is typed new things stand first; whoever types mostly looks for something that is there. */
function ordered(options: Option[], typed: string): Option[] {
  if (!typed.trim()) return options;
  return [...options.filter((option) => !option.always), ...options.filter((option) => option.always)];
}
