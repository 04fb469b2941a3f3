import { useEffect, useState } from "preact/hooks";
import { googleLink, icsFile, outlookLink, type CalendarEntry } from "../engine/calendarLinks";
import { useWords } from "./words";

/** Into somebody's own calendar: a file that every program reads, and the two that most people have. */
export function CalendarButtons({ entry }: { entry: CalendarEntry }) {
  const { t } = useWords();
  const [file, setFile] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([icsFile(entry, new Date())], { type: "text/calendar;charset=utf-8" }));
    setFile(url);
    return () => URL.revokeObjectURL(url);
  }, [entry.id]);
  return (
    <div class="calendars">
      <a class="secondary" data-testid="calendar-ics" href={file} download="appointment.ics">
        {t("done.ics")}
      </a>
      <a class="secondary" data-testid="calendar-google" href={googleLink(entry)} target="_blank" rel="noopener noreferrer">
        {t("done.google")}
      </a>
      <a class="secondary" data-testid="calendar-outlook" href={outlookLink(entry)} target="_blank" rel="noopener noreferrer">
        {t("done.outlook")}
      </a>
    </div>
  );
}
