import { useRef } from "preact/hooks";
import type { Level, MonthAvailability } from "../api/types";
import { addDays, addMonths, firstDayOfWeek, monthGrid, monthOf, type Cell } from "../engine/monthGrid";
import { Icon } from "./Icon";
import { useWords } from "./words";

interface Props {
  month: string;
  /** The earliest month that may be turned to. */
  first: string;
  today: string;
  /** Null while loading: the grid stands already. */
  data: MonthAvailability | null;
  chosen: string | null;
  onTurn: (month: string) => void;
  onPick: (date: string) => void;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A month; under each day, how much is left: no mark, a short one, a long one, beside the colour and the words. */
export function MonthCalendar({ month, first, today, data, chosen, onTurn, onPick }: Props) {
  const { t, format } = useWords();
  const table = useRef<HTMLDivElement>(null);
  const firstDay = firstDayOfWeek(format.locale);
  const levels = new Map<string, Level>((data?.days ?? []).map((day) => [day.date, day.available > 0 ? day.level : "none"]));
  // Weeks that are over only push the times out of sight.
  const weeks = monthGrid(month, firstDay).filter((week) => week.some((entry) => entry !== null && entry.date >= today));
  const free = [...levels].filter(([, level]) => level !== "none").map(([date]) => date);
  const tabStop = chosen && free.includes(chosen) ? chosen : free[0];

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const from = (event.target as HTMLElement).dataset.date;
    if (!step || !from) return;
    event.preventDefault();
    for (let date = addDays(from, step); monthOf(date) === month; date = addDays(date, step)) {
      if (!free.includes(date)) continue;
      table.current?.querySelector<HTMLElement>(`[data-date="${date}"]`)?.focus();
      return;
    }
  };
  const cell = (entry: Cell | null, column: number) => {
    if (!entry) return <span key={column} role="gridcell" />;
    const level = levels.get(entry.date) ?? "none";
    const day = format.date(entry.date);
    return (
      <span key={column} role="gridcell" aria-selected={entry.date === chosen}>
        <button
          type="button"
          class={`day ${data ? level : "waiting"} ${entry.date === today ? "today" : ""}`}
          data-testid={`day-${entry.date}`}
          data-date={entry.date}
          aria-label={t(`time.day.${level}`, { day })}
          aria-pressed={entry.date === chosen}
          disabled={level === "none"}
          tabIndex={entry.date === tabStop ? 0 : -1}
          onClick={() => onPick(entry.date)}
        >
          {entry.day}
          <span class="mark" aria-hidden="true" />
        </button>
      </span>
    );
  };

  return (
    <div class="calendar" aria-busy={!data}>
      <div class="month">
        <h3 class="subtitle" aria-live="polite">
          {format.month(month)}
        </h3>
        <button type="button" class="ghost" data-testid="month-previous" aria-label={t("time.previous")} disabled={month <= first} onClick={() => onTurn(addMonths(month, -1))}>
          <Icon name="chevron-left" size={18} />
        </button>
        <button type="button" class="ghost" data-testid="month-next" aria-label={t("time.next")} onClick={() => onTurn(addMonths(month, 1))}>
          <Icon name="chevron-right" size={18} />
        </button>
      </div>
      <div role="grid" aria-label={format.month(month)} ref={table} onKeyDown={onKeyDown}>
        <div class="week" role="row">
          {format.weekdays(firstDay).map((name) => (
            <span key={name.long} class="weekday" role="columnheader" aria-label={name.long}>
              {name.short}
            </span>
          ))}
        </div>
        {weeks.map((week, row) => (
          <div key={row} class="week" role="row">
            {week.map(cell)}
          </div>
        ))}
      </div>
      <div class="legend" aria-hidden="true">
        <span class="day-key few">
          <span class="mark" />
          {t("time.few")}
        </span>
        <span class="day-key many">
          <span class="mark" />
          {t("time.many")}
        </span>
      </div>
    </div>
  );
}
