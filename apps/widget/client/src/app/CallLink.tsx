import { readablePhone } from "../engine/phone";
import type { Translate } from "../i18n";
import { Icon } from "./Icon";

interface Props {
  t: Translate;
  phone: string;
  text?: "fallback.call" | "time.call" | "page.call";
  kind?: string;
}

/** A tap calls. */
export function CallLink({ t, phone, text = "fallback.call", kind = "secondary" }: Props) {
  return (
    <a class={kind} href={`tel:${phone}`} data-testid="call">
      <Icon name="phone" size={18} />
      {t(text, { phone: readablePhone(phone) })}
    </a>
  );
}
