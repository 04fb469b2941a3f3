import type { Content, Service } from "../api/types";
import { Icon } from "./Icon";
import { useStore } from "./store";

interface Props {
  id: string;
  content: Content;
  /** Set where the choice books something: its length and price are part of the answer. */
  service: Service | null;
  selected: boolean;
  onPress: () => void;
}

export function ChoiceCard({ id, content, service, selected, onPress }: Props) {
  const { format } = useStore();
  const facts = service
    ? [format.length(service.duration_minutes), service.price ? format.price(service.price, service.currency) : service.price_note]
    : [];
  const line = facts.filter(Boolean).join(" · ");
  return (
    <button type="button" class="card" data-testid={`choice-${id}`} aria-pressed={selected} onClick={onPress}>
      {content.icon && (
        <span class="card-icon">
          <Icon name={content.icon} size={22} />
        </span>
      )}
      <span class="card-text">
        <span class="card-title">{content.title}</span>
        {content.description && <span class="card-line">{content.description}</span>}
        {line && <span class="card-facts">{line}</span>}
      </span>
      <Icon name={selected ? "check" : "chevron-right"} size={18} />
    </button>
  );
}
