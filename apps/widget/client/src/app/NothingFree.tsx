import { CallLink } from "./CallLink";
import { Icon } from "./Icon";
import { useStore } from "./store";

interface Props {
  text: string;
  next: string | null;
  onPick: (date: string) => void;
  /** Opens the waitlist, where there is one to join. */
  onWait?: () => void;
}

/** No times here: the next free day, the waitlist, and the phone. */
export function NothingFree({ text, next, onPick, onWait }: Props) {
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
      {onWait && (
        <button type="button" class="secondary" data-testid="join-waitlist" onClick={onWait}>
          {t("wait.join")}
        </button>
      )}
      {phone && <CallLink t={t} phone={phone} text="time.call" kind="link" />}
    </div>
  );
}
