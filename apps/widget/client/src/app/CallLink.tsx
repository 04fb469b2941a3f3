import { readablePhone } from "../engine/phone";
import { Icon } from "./Icon";

/** A tap calls. */
export function CallLink({ phone, text, kind = "secondary" }: { phone: string; text: string; kind?: string }) {
  return (
    <a class={kind} href={`tel:${phone}`} data-testid="call">
      <Icon name="phone" size={18} />
      {text.replace("{phone}", readablePhone(phone))}
    </a>
  );
}
