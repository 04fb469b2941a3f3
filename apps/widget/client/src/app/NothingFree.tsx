import { CallLink } from "./CallLink";
import { Icon } from "./Icon";
import { useStore } from "./store";

/** No times here: the next free day, and the phone. */
export function NothingFree({ text, next, onPick }: { text: string; next: string | null; onPick: (date: string) => void }) {
  const { phone, format, t } = useStore();
  return (
    <div class="panel" data-testid="nothing-free">
      <span class="badge small">
        <Icon name="calendar" />
      </span>
      <h3 class="subtitle">{text}</h3>
      {next && (
        <button type="button" class="secondary" data-testid="next-free" onClick={() => onPick(next)}>
          {t("time.nextFree", { day: format.dateShort(next) })}
        </button>
      )}
      {phone && <CallLink phone={phone} text={t("time.call")} kind="link" />}
    </div>
  );
}
